import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CollectorOptions } from '../../src/collector/collector.ts';
import { byUrgency } from '../../src/collector/queue.ts';
import { BatchError } from '../../src/core/errors.ts';
import type { Call, Priority, Reply } from '../../src/core/types.ts';
import { aCollector, type Bench } from '../support/a-collector.ts';
import { priority } from '../support/calls-arbitrary.ts';
import { drained } from '../support/drained.ts';
import type { FakeBatch } from '../support/fake-send.ts';

/** One thing that happens; `which` picks a caller, a batch, a part. */
type Step =
  | { do: 'ask'; priority: Priority; lane: number; size: number }
  | { do: 'advance'; ms: number }
  | { do: 'end task' | 'be idle' | 'flush' }
  | {
      do: 'abort' | 'answer' | 'answer twice' | 'stray' | 'finish' | 'cut' | 'fail';
      which: number;
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      priority,
      lane: fc.nat(3),
      size: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('abort', 'answer', 'answer twice', 'stray', 'finish', 'cut', 'fail'),
      which: fc.nat(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.constantFrom(1, 10, 999, 2500),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('end task', 'be idle', 'flush') }),
  },
);

interface Caller {
  readonly call: Call;
  readonly bytes: number;
  readonly order: number;
  readonly controller: AbortController;
  /** How it was settled: once, or the property does not hold. */
  readonly ends: { reply?: Reply; error?: unknown }[];
  batch: FakeBatch | undefined;
}

const sizeOf = ({ headers }: Call): number =>
  Number(headers.find(([name]) => name === 'size')?.[1]);

const laneOf = ({ credentials, endpoint, headers }: Call): string =>
  JSON.stringify([credentials, endpoint, headers.find(([name]) => name === 'authorization')]);

const lanes: readonly Partial<Call>[] = [
  {},
  { credentials: 'omit' },
  { headers: [['authorization', 'Bearer 1']] },
  { endpoint: 'https://api.test/batch' },
];

const options: fc.Arbitrary<CollectorOptions> = fc.record({
  window: fc.constantFrom<CollectorOptions['window']>('microtask', 'auto', 10),
  maxItems: fc.integer({ min: 1, max: 4 }),
  maxBytes: fc.constantFrom(90, 132, 10_000),
  maxInFlight: fc.integer({ min: 1, max: 2 }),
  batchSingle: fc.boolean(),
});

/** Runs a story; what every batch must be is checked when it is sent. */
async function play(given: CollectorOptions, story: readonly Step[]): Promise<Caller[]> {
  const callers: Caller[] = [];
  const bench: Bench = aCollector(given, {
    sizeOf,
    onSend: (batch) => {
      const group = batch.jobs.map(({ call }) => callers.find(({ call: own }) => own === call)!);
      for (const caller of group) {
        expect(caller.batch).toBeUndefined();
        expect(caller.ends).toEqual([]);
        caller.batch = batch;
      }
      expect(group.length).toBeLessThanOrEqual(given.maxItems);
      expect(group.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(given.maxBytes);
      expect(new Set(group.map(({ call }) => laneOf(call))).size).toBe(1);
      const inOrder = [...group].sort((a, b) => byUrgency({ ...a, since: 0 }, { ...b, since: 0 }));
      expect(group).toEqual(inOrder);
      expect(bench.open()).toBeLessThanOrEqual(given.maxInFlight);
    },
  });
  const { batches, clock, collector } = bench;

  const run: { [S in Step as S['do']]: (step: S) => void | Promise<void> } = {
    ask: ({ priority: urgency, lane, size }) => {
      const controller = new AbortController();
      const { headers = [], ...rest } = lanes[lane]!;
      const call: Call = {
        url: `https://app.test/${String(callers.length)}`,
        method: 'GET',
        body: null,
        credentials: 'same-origin',
        endpoint: 'https://app.test/batch',
        dedupe: true,
        who: null,
        cache: null,
        priority: urgency,
        signal: controller.signal,
        headers: [...headers, ['size', String(size)]],
        ...rest,
      };
      const order = callers.length;
      const caller: Caller = { call, bytes: size, order, controller, ends: [], batch: undefined };
      callers.push(caller);
      collector.handle(call).then(
        (reply) => caller.ends.push({ reply }),
        (error: unknown) => caller.ends.push({ error }),
      );
    },
    abort: ({ which }) => callers[which % callers.length]?.controller.abort(new Error('mine')),
    advance: ({ ms }) => clock.advance(ms),
    'end task': () => clock.endTask(),
    'be idle': () => clock.beIdle(),
    flush: () => {
      collector.flush();
    },
    answer: ({ which }) => {
      const batch = batches[which % batches.length];
      batch?.answer(which % batch.jobs.length);
    },
    'answer twice': ({ which }) => {
      const batch = batches[which % batches.length];
      batch?.answer(which % batch.jobs.length);
      batch?.answer(which % batch.jobs.length, { ...anotherReply });
    },
    stray: ({ which }) => batches[which % batches.length]?.answer(1000 + which),
    finish: ({ which }) => batches[which % batches.length]?.finish(),
    cut: ({ which }) => batches[which % batches.length]?.end(),
    fail: ({ which }) =>
      batches[which % batches.length]?.end(new BatchError('network', 'lost its connection')),
  };
  for (const one of story) {
    await run[one.do](one as never);
    // What is done in one task may not be told apart from what is done in the next.
    if (one.do !== 'ask') await drained();
  }

  // The end: everybody gets off.
  collector.flush();
  while (collector.waiting() > 0 || collector.inFlight() > 0) {
    for (const batch of batches) batch.finish();
    await clock.advance(10);
  }
  await drained();
  expect(clock.pending()).toBe(0);
  return callers;
}

const anotherReply: Reply = {
  status: 500,
  statusText: '',
  headers: [],
  body: null,
  url: 'https://app.test/another',
  redirected: false,
};

describe('the collector', () => {
  it('settles every caller once, with its own answer, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(options, fc.array(step, { maxLength: 60 }), async (given, story) => {
        const callers = await play(given, story);

        for (const { call, controller, ends, batch } of callers) {
          expect(ends).toHaveLength(1);
          const [{ reply, error } = {}] = ends;
          if (reply) expect(reply.url).toBe(call.url);
          else if (error instanceof BatchError) expect(batch).toBeDefined();
          else expect(error).toBe(controller.signal.reason);
        }
      }),
      { numRuns: 300 },
    );
  });
});
