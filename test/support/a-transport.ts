import { fakeClock } from './fake-clock.ts';
import type { BatchEvent } from '../../src/core/events.ts';
import type { Batch, Call, Part } from '../../src/core/types.ts';
import { createSendBatch } from '../../src/transport/send-batch.ts';
import { aCall, textOf } from './calls.ts';
import { endpoint, line, statsLine, type Item } from './fake-network.ts';

/** A request that has reached the network, its body read. */
export interface Sent {
  readonly request: Request;
  readonly init: RequestInit | undefined;
  readonly bytes: Uint8Array;
  readonly items: readonly Item[];
}

/** What came of a batch. */
export interface Outcome {
  readonly parts: readonly Part[];
  readonly error: unknown;
}

export interface TransportBench {
  readonly sent: Sent[];
  readonly events: BatchEvent[];
  /** Sends a batch of `calls` and waits for its end. */
  readonly ride: (calls: readonly Partial<Call>[], given?: Given) => Promise<Outcome>;
  /** Sends it, and hands out the parts as they arrive. */
  readonly start: (calls: readonly Partial<Call>[], given?: Given) => AsyncIterator<Part>;
}

export type Given = Partial<Omit<Batch, 'jobs'>> & { signal?: AbortSignal };

/** A call for `path`. */
export const to = (path: string, given: Partial<Call> = {}): Partial<Call> => ({
  url: `https://app.test${path}`,
  ...given,
});

export const ndjson = (body: BodyInit | null, headers: Record<string, string> = {}): Response =>
  new Response(body, { headers: { 'content-type': 'application/x-ndjson', ...headers } });

/** The whole answer to the batch, each item told its own URL. */
export const echoed = ({ items }: Sent): string =>
  items.map(({ id, url }) => line(id, 200, url)).join('') + statsLine;

async function unzip(request: Request): Promise<string> {
  const isZipped = request.headers.get('content-encoding') === 'gzip';
  const { body } = request;
  return new Response(
    isZipped && body ? body.pipeThrough(new DecompressionStream('gzip')) : body,
  ).text();
}

/** The sender of batches over a network that answers with `answer`, on a clock that ticks when asked. */
export function aTransport(
  answer: (sent: Sent, n: number) => Response | Promise<Response> = (sent) => ndjson(echoed(sent)),
): TransportBench {
  const sent: Sent[] = [];
  const events: BatchEvent[] = [];
  let now = 0;
  const send = createSendBatch({
    clock: { now: () => (now += 10), setTimer: fakeClock().setTimer },
    idleTimeoutMs: false,
    isBuffered: () => false,
    emit: (name, event) => {
      if (name === 'batch') events.push(event as BatchEvent);
    },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const copy = request.clone();
      const bytes = new Uint8Array(await copy.arrayBuffer());
      const { requests } = JSON.parse(await unzip(request)) as { requests: Item[] };
      const one: Sent = { request, init, bytes, items: requests };
      sent.push(one);
      return answer(one, sent.length - 1);
    },
  });

  const begin = (
    calls: readonly Partial<Call>[],
    { id = 'b1', keepalive = false, signal = new AbortController().signal }: Given = {},
  ): AsyncGenerator<Part> => {
    const jobs = calls.map((call, n) => ({ id: n, call: aCall(call) }));
    return arrivals((deliver) => send({ id, keepalive, jobs }, signal, deliver));
  };

  return {
    sent,
    events,
    start: begin,
    ride: async (calls, given) => {
      const parts: Part[] = [];
      try {
        for await (const part of begin(calls, given)) parts.push(part);
      } catch (error) {
        return { parts, error };
      }
      return { parts, error: undefined };
    },
  };
}

/** What has come of a batch, as a reader of its parts would see it, one after another. */
async function* arrivals(
  run: (deliver: (part: Part) => void) => Promise<void>,
): AsyncGenerator<Part> {
  const ready: Part[] = [];
  let changed = Promise.withResolvers<void>();
  let hasEnded = false;
  const ended = run((part) => {
    ready.push(part);
    changed.resolve();
  }).finally(() => {
    hasEnded = true;
    changed.resolve();
  });
  ended.catch(() => {});
  for (;;) {
    yield* ready.splice(0);
    if (ready.length > 0) continue;
    if (hasEnded) break;
    await changed.promise;
    changed = Promise.withResolvers();
  }
  await ended;
}

/** Ids and texts of parts. */
export const told = ({ parts }: Outcome): (readonly [number, unknown])[] =>
  parts.map(({ id, reply, error }) => [id, reply ? textOf(reply.body) : error]);

export { endpoint, line, statsLine };
