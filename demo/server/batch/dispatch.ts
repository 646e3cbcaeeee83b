import { problem } from '../http/problem.ts';
import { withRetry, type Dispatch } from './retry.ts';

/** Where batches are posted. */
export const endpoints: readonly string[] = ['/batch', '/api/batch'];

/** Completes a failed item's problem: what was asked, and the id under which the log has it. */
async function withEcho(
  { method, url, headers: asked }: Request,
  response: Response,
): Promise<Response> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (response.status < 400 || !isProblem) return response;
  const members = (await response.json()) as Readonly<Record<string, unknown>>;
  const { pathname, search } = new URL(url);
  // Where nobody traces, the batch's own: its items inherit it.
  const correlationId =
    response.headers.get('x-correlation-id') ?? asked.get('x-correlation-id') ?? undefined;
  const echo = { ...members, correlationId, request: { method, url: pathname + search } };
  const { status, headers } = response;
  headers.delete('content-length');
  return new Response(JSON.stringify(echo), { status, headers });
}

const isBatch = (url: string): boolean =>
  endpoints.some((path) => url.includes(path)) && endpoints.includes(new URL(url).pathname);

/** What answers items: the application itself, but for batches in batches. */
export function createDispatch(fetch: Dispatch, isRetrying: boolean): Dispatch {
  const send = isRetrying ? withRetry(fetch) : fetch;
  return async (request) => {
    const response = isBatch(request.url)
      ? problem(
          400,
          'A batch in a batch',
          'A batch inside a batch is not answered: send its items.',
        )
      : await send(request);
    return withEcho(request, response);
  };
}
