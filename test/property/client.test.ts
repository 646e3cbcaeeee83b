import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatchError, createCarpool, type CallEvent, type CarpoolOptions } from '../../src/index.ts';
import { bytesOf } from '../support/calls.ts';
import { drained } from '../support/drained.ts';
import { endpoint, line, statsLine, type Item } from '../support/fake-network.ts';
import { cut, places } from '../support/parts.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** How the network treats one request. */
interface Fate {
  readonly kind: 'stream' | 'buffered' | 'whole' | 'no network' | 'hang';
  readonly status: number;
  /** Turns the parts round, and the list of what disturbs them in. */
  readonly turn: number;
  readonly disturbances: readonly ('heartbeat' | 'unknown' | 'again' | 'no part' | 'garbage')[];
  readonly cuts: readonly number[];
  /** Where the stream is cut; null for nowhere. */
  readonly end: number | null;
  readonly isBroken: boolean;
}

const fate: fc.Arbitrary<Fate> = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant('stream' as const) },
    { weight: 1, arbitrary: fc.constantFrom('buffered', 'whole', 'no network', 'hang') },
  ),
  status: fc.constantFrom(401, 404, 413, 429, 500, 503),
  turn: fc.nat(),
  disturbances: fc.array(
    fc.constantFrom('heartbeat', 'heartbeat', 'unknown', 'again', 'no part', 'garbage'),
    { maxLength: 4 },
  ),
  cuts: places,
  end: fc.option(fc.nat(), { freq: 3 }),
  isBroken: fc.boolean(),
});

/** What a caller does; `wait` is how many turns of the event loop pass before. */
interface Wish {
  readonly path: string;
  readonly method: string;
  readonly priority: 'low' | 'high' | 'auto';
  readonly body: string | null;
  readonly wait: number;
  /** After how many turns the caller gives up; null for never. */
  readonly patience: number | null;
}

const wish: fc.Arbitrary<Wish> = fc
  .record({
    path: fc.constantFrom('/1', '/2', '/3', '/moved/4', '/gone/5', '/6?q="é"'),
    method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'DELETE'),
    priority: fc.constantFrom('low', 'high', 'auto', 'auto'),
    body: fc.constantFrom('text', '{"a":1}'),
    wait: fc.nat(2),
    patience: fc.option(fc.nat(6), { freq: 2 }),
  })
  .map((one) => ({ ...one, body: one.method === 'POST' ? one.body : null }));

const options: fc.Arbitrary<CarpoolOptions> = fc.record({
  window: fc.constantFrom<NonNullable<CarpoolOptions['window']>>('microtask', 'auto', 5),
  maxItems: fc.integer({ min: 1, max: 6 }),
  maxInFlight: fc.integer({ min: 1, max: 3 }),
  batchSingle: fc.boolean(),
  dedupe: fc.boolean(),
});

/** The part that answers an item: its own path, wherever it asked. */
function partOf({ id, url, method }: Item): string {
  if (url.startsWith('/moved'))
    return line(id, 303, null, { location: url.slice('/moved'.length) });
  return line(id, url.startsWith('/gone') ? 404 : 200, { own: url, method });
}

function streamed(items: readonly Item[], how: Fate): Response {
  const lines = items.map(partOf);
  const { length } = lines;
  const turned = lines.map((_, n) => lines[(n + how.turn) % length]!);
  for (const [n, what] of how.disturbances.entries()) {
    const disturbing = {
      heartbeat: '\n',
      unknown: line('999', 200, { own: 'nobody' }),
      // Always behind the first, so that it is known which counts.
      again: '',
      'no part': '{"status":200}\n',
      garbage: '<html>\n',
    }[what];
    turned.splice((how.turn + n) % (turned.length + 1), 0, disturbing);
    if (what === 'again') turned.push(line(items[0]!.id, 200, { own: 'impostor' }));
  }
  const whole = bytesOf(turned.join('') + statsLine);
  const bytes = how.end === null ? whole : whole.subarray(0, how.end % (whole.length + 1));
  const chunks = cut(bytes, how.cuts);
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else if (how.isBroken && how.end !== null) controller.error(new TypeError('terminated'));
      else controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
}

/** A network on which each request meets its fate. */
function network(fates: readonly Fate[]): { open: () => number } {
  let n = 0;
  let open = 0;
  const answer = async (request: Request, how: Fate): Promise<Response> => {
    const isBatch = request.url === endpoint;
    if (how.kind === 'no network') throw new TypeError('Failed to fetch');
    if (how.kind === 'hang') return new Promise<Response>(() => {});
    if (!isBatch) {
      const { pathname, search } = new URL(request.url);
      return Response.json({
        own: pathname.replace('/moved', '') + search,
        method: request.method,
      });
    }
    if (how.kind === 'whole') return new Response('whole', { status: how.status });
    const { requests } = (await request.json()) as { requests: Item[] };
    if (how.kind === 'stream') return streamed(requests, how);
    const responses = requests.map((item) => partOf(item).trim()).join(',');
    return new Response(`{"responses":[${responses}]}`, {
      headers: { 'content-type': 'application/json' },
    });
  };
  vi.stubGlobal('fetch', async (input: RequestInfo, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    open++;
    const gone = new Promise<never>((_, reject) => {
      request.signal.addEventListener('abort', () => {
        reject(request.signal.reason as Error);
      });
    });
    try {
      return await Promise.race([answer(request, fates[n++ % fates.length]!), gone]);
    } finally {
      open--;
    }
  });
  return { open: () => open };
}

interface Traveller {
  readonly wish: Wish;
  readonly controller: AbortController;
  readonly ends: { status?: number; text?: string; error?: unknown }[];
}

async function play(given: CarpoolOptions, fates: Fate[], wishes: Wish[]): Promise<Traveller[]> {
  const net = network(fates);
  const carpool = createCarpool({ endpoint, timeout: 1000, ...given });
  const events: CallEvent[] = [];
  carpool.on('call', (event) => events.push(event));
  const travellers = wishes.map((one): Traveller => {
    return { wish: one, controller: new AbortController(), ends: [] };
  });

  for (let turn = 0; turn < 12; turn++) {
    for (const { wish: one, controller, ends } of travellers) {
      if (one.wait === turn) {
        const { path, method, priority, body } = one;
        const init = { method, priority, body, signal: controller.signal };
        carpool
          .fetch(`https://app.test${path}`, init)
          .then(async (response) =>
            ends.push({ status: response.status, text: await response.text() }),
          )
          .catch((error: unknown) => ends.push({ error }));
      }
      if (one.patience !== null && one.wait + one.patience === turn) {
        controller.abort(new Error('mine'));
      }
    }
    await drained();
    await vi.advanceTimersByTimeAsync(turn);
  }
  // Whoever hangs, or waits behind somebody who does, runs out of time.
  for (let n = 0; n < 5; n++) {
    await vi.advanceTimersByTimeAsync(1000);
    await drained();
  }

  expect(carpool.stats()).toMatchObject({ waiting: 0, inFlight: 0 });
  expect(net.open()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  // One event each, but for those who gave up before they had begun.
  expect(events.length).toBeLessThanOrEqual(travellers.length);
  expect(carpool.stats().calls).toBe(events.length);
  return travellers;
}

describe('the client', () => {
  it('settles every call once, with its own answer, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(
        options,
        fc.array(fate, { minLength: 1, maxLength: 6 }),
        fc.array(wish, { minLength: 1, maxLength: 12 }),
        async (given, fates, wishes) => {
          const travellers = await play(given, fates, wishes);

          for (const { wish: one, controller, ends } of travellers) {
            expect(ends).toHaveLength(1);
            const [{ status, text, error } = {}] = ends;
            if (error !== undefined) {
              if (controller.signal.aborted && error === controller.signal.reason) continue;
              // Natively, a lone call fails as `fetch` does.
              expect(error).toBeInstanceOf(TypeError);
              if ((error as Error).message !== 'Failed to fetch') {
                expect(error).toBeInstanceOf(BatchError);
              }
            } else if (text !== 'whole') {
              const isMoved = one.path.startsWith('/moved');
              const own = new URL(one.path.replace('/moved', ''), 'https://app.test');
              expect(JSON.parse(text!)).toEqual({
                own: own.pathname + own.search,
                method: isMoved && one.method !== 'GET' ? expect.any(String) : one.method,
              });
            } else {
              expect([401, 429, 500, 503]).toContain(status);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
