import { vi } from 'vitest';

/** One request that reached the network. */
export interface Seen {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
  readonly signal: AbortSignal;
  /** The items, where it was a batch. */
  readonly items: readonly Item[] | null;
}

export interface Item {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export const endpoint = 'https://app.test/batch';

/** A line of a streamed answer, as the server writes it. */
export const line = (id: string, status: number, body?: unknown, headers = {}): string =>
  `${JSON.stringify({ id, status, headers: { 'content-type': 'application/json', ...headers }, body })}\n`;

export const statsLine = `{"stats":{"total":0}}\n`;

export interface StreamedAnswer {
  readonly response: Response;
  readonly write: (text: string) => void;
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
  readonly isCancelled: () => boolean;
}

/** A streamed batch answer that the test writes by hand. */
export function streamedAnswer(): StreamedAnswer {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    cancel() {
      isCancelled = true;
    },
  });
  return {
    response: new Response(body, { headers: { 'content-type': 'application/x-ndjson' } }),
    write: (text) => {
      controller.enqueue(new TextEncoder().encode(text));
    },
    end: () => {
      controller.close();
    },
    fail: (error) => {
      controller.error(error);
    },
    isCancelled: () => isCancelled,
  };
}

/** Answers every item of a batch, and every other request, with its own path. */
export function echo(seen: Seen): Response {
  if (!seen.items) return Response.json({ native: new URL(seen.url).pathname });
  const lines = seen.items.map(({ id, url }) => line(id, 200, { path: url }));
  return new Response(lines.join('') + statsLine, {
    headers: { 'content-type': 'application/x-ndjson' },
  });
}

export interface FakeNetwork {
  readonly seen: Seen[];
  readonly batches: () => Seen[];
  readonly natives: () => Seen[];
}

/** Puts `answer` in place of the network; undone after the test by `unstubGlobals`. */
export function fakeNetwork(
  answer: (seen: Seen) => Response | Promise<Response> = echo,
): FakeNetwork {
  const seen: Seen[] = [];
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    const body = await request.text();
    const isBatch = request.url === endpoint;
    const one: Seen = {
      url: request.url,
      method: request.method,
      headers: request.headers,
      body,
      signal: request.signal,
      items: isBatch ? (JSON.parse(body) as { requests: Item[] }).requests : null,
    };
    seen.push(one);
    const gone = new Promise<never>((_, reject) => {
      request.signal.addEventListener('abort', () => {
        reject(request.signal.reason as Error);
      });
    });
    return Promise.race([answer(one), gone]);
  });
  return {
    seen,
    batches: () => seen.filter(({ items }) => items),
    natives: () => seen.filter(({ items }) => !items),
  };
}
