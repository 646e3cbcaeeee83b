import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, vi } from 'vitest';
import {
  createCarpool,
  type BatchEvent,
  type CallEvent,
  type Carpool,
  type CarpoolEvents,
  type CarpoolOptions,
  type CarpoolRequestInit,
  type FallbackEvent,
} from '../../src/index.ts';
import { createFaultyServer, type FaultyServer, type Script } from './faulty-server.ts';
import { createTally, type Tally } from './tally.ts';

export type RetryEvent = CarpoolEvents['retry'];

export interface Bench {
  readonly server: FaultyServer;
  readonly carpool: Carpool;
  /** Makes a call, to another origin where that is given; its end is looked at when the test has ended. */
  readonly ask: (path: string, init?: CarpoolRequestInit) => Promise<Response>;
  /** Requests that the client has begun, by now. */
  readonly begun: () => number;
  readonly calls: Tally<CallEvent>;
  readonly batches: Tally<BatchEvent>;
  readonly retries: Tally<RetryEvent>;
  /** Calls that went to native `fetch`. */
  readonly fallbacks: Tally<FallbackEvent>;
  /** Steps of the breaker. */
  readonly steps: Tally<FallbackEvent>;
}

interface Asked {
  readonly name: string;
  settlements: number;
}

/**
 * A client of a faulty server. Retry is on, at most twice and almost at once, unless `options` say
 * otherwise. When the test has ended, every call that was made through `ask` must have settled exactly
 * once, no unsafe call may have been carried out twice, and no batch may be open.
 */
export async function aBench(script: Script = {}, options: CarpoolOptions = {}): Promise<Bench> {
  const server = await createFaultyServer(script);
  const network = vi.spyOn(globalThis, 'fetch');
  const carpool = createCarpool({
    endpoint: server.endpoint,
    retry: { limit: 2, delay: 1 },
    ...options,
  });
  const calls = createTally<CallEvent>();
  const batches = createTally<BatchEvent>();
  const retries = createTally<RetryEvent>();
  const fallbacks = createTally<FallbackEvent>();
  const steps = createTally<FallbackEvent>();
  carpool.on('call', calls.add);
  carpool.on('batch', batches.add);
  carpool.on('retry', retries.add);
  carpool.on('fallback', (event) => {
    if (event.level === undefined) fallbacks.add(event);
    else steps.add(event);
  });

  const asked: Asked[] = [];
  const ask: Bench['ask'] = (path, init) => {
    const call: Asked = { name: `${init?.method ?? 'GET'} ${path}`, settlements: 0 };
    asked.push(call);
    const settle = (): void => {
      call.settlements++;
    };
    const response = carpool.fetch(new URL(path, server.origin), init);
    response.then(settle, settle);
    return response;
  };

  onTestFinished(async () => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    await server.close();
    // With the server gone, nothing can hold a slot any more.
    while (carpool.stats().inFlight > 0) await nextTurn();

    const told = calls.seen.map(({ method, url }) => `${method} ${url.replace(server.origin, '')}`);
    expect(asked.filter(({ settlements }) => settlements !== 1)).toEqual([]);
    expect(told.sort()).toEqual(asked.map(({ name }) => name).sort());
    const unsafe = Object.entries(server.runs()).filter(([name]) => !/^(?:GET|HEAD) /.test(name));
    expect(unsafe.filter(([, count]) => count > 1)).toEqual([]);
    expect(carpool.stats().waiting).toBe(0);
  });

  return {
    server,
    carpool,
    ask,
    begun: () => network.mock.calls.length,
    calls,
    batches,
    retries,
    fallbacks,
    steps,
  };
}

const json = { 'content-type': 'application/json' };

/** An unsafe call that must not be carried out twice. */
export const post = (headers: Readonly<Record<string, string>> = {}): CarpoolRequestInit => ({
  method: 'POST',
  body: '{}',
  headers: { ...json, ...headers },
});

/** An unsafe call that says how to tell its repetitions from others. */
export const keyedPost = (key = '"k1"'): CarpoolRequestInit => post({ 'idempotency-key': key });

/** What calls came to: the status of the response, or the code or name of the error. */
export async function outcomesOf(
  calls: readonly Promise<Response>[],
): Promise<(number | string)[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((result) => {
    if (result.status === 'fulfilled') return result.value.status;
    const { code, name } = result.reason as { code?: unknown; name: string };
    return typeof code === 'string' ? code : name;
  });
}

/** What the responses say, in order; rejects where a call failed. */
export const pathsOf = (calls: readonly Promise<Response>[]): Promise<string[]> =>
  Promise.all(calls.map(async (call) => ((await (await call).json()) as { path: string }).path));

const entriesOf = ({ log }: FaultyServer, kind: string): string[] =>
  log.seen.filter((entry) => entry.startsWith(kind)).map((entry) => entry.slice(kind.length));

/** The calls of each batch that has arrived, in order. */
export const batchesIn = (server: FaultyServer): string[] => entriesOf(server, 'batch: ');

/** The calls that have arrived by themselves; side by side they have no order, so: by name. */
export const nativesIn = (server: FaultyServer): string[] => entriesOf(server, 'native: ').sort();

/** Makes two calls, which are one batch, or go by themselves, and waits for what they come to. */
export async function pair({ ask }: Bench, name: string | number): Promise<(number | string)[]> {
  return outcomesOf([ask(`/${String(name)}/a`), ask(`/${String(name)}/b`)]);
}

export async function pairs(bench: Bench, count: number, name: string): Promise<void> {
  for (let n = 0; n < count; n++) await pair(bench, `${name}${String(n)}`);
}

/** How answers were asked for, batch by batch. */
export const accepts = ({ server }: Bench): ('streamed' | 'buffered')[] =>
  server.batches.seen.map(({ headers }) =>
    headers.accept?.includes('ndjson') ? 'streamed' : 'buffered',
  );

/** The steps of the breaker, such as `failing: buffered`. */
export const stepsOf = ({ steps }: Bench): string[] =>
  steps.seen.map(({ reason, level }) => `${reason}: ${String(level)}`);

/** Stops the client's time, which then passes only as the test says. Sockets don't notice. */
export function stopTime(): void {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
    shouldAdvanceTime: false,
    now: Date.UTC(2026, 0, 31, 9, 30),
  });
}

/** Sees what reaches the client of answers to batches: an entry per byte. */
export function watchBytes(): Tally<number> {
  const bytes = createTally<number>();
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const response = await fetch(input, init);
    if (!response.url.endsWith('/batch') || !response.body) return response;
    const seen = new TransformStream<Uint8Array, Uint8Array>(
      {
        transform(chunk, controller) {
          controller.enqueue(chunk);
          for (const byte of chunk) bytes.add(byte);
        },
      },
      undefined,
      { highWaterMark: 0 },
    );
    return new Response(response.body.pipeThrough(seen), response);
  });
  return bytes;
}

/**
 * The most that a client may add to a `Retry-After`, in ms: a moment later is what the server asked for, too,
 * and lets those who were told a moment later ride along.
 */
export const graceMs = 50;

/** Lets the client's time pass; what is under way in it has then begun. */
export async function pass(ms: number): Promise<void> {
  await nextTurn();
  await vi.advanceTimersByTimeAsync(ms);
  await nextTurn();
  await nextTurn();
}
