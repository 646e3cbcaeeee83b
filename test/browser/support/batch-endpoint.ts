import { control } from './control.ts';

/** A batch endpoint of a test's own. */
export interface BatchEndpoint {
  readonly endpoint: string;
  /** What the server saw there. */
  readonly seen: () => Promise<{ batches: number; items: number; mostOpen: number }>;
}

/** Creates one, on the page's own origin or another, that streams its answers or buffers them. */
export function createBatchEndpoint({
  origin,
  isBuffered = false,
}: { origin?: string | undefined; isBuffered?: boolean | undefined } = {}): BatchEndpoint {
  const id = crypto.randomUUID();
  return {
    endpoint: `/t/batch/${id}${isBuffered ? '/buffered' : ''}`,
    seen: async () => {
      const response = await control(`rides/${id}`, origin);
      return (await response.json()) as Awaited<ReturnType<BatchEndpoint['seen']>>;
    },
  };
}
