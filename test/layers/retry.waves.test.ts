import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aRetry, failureBy, refusal, type RetryBench } from '../support/a-retry.ts';
import { aCall, aReply } from '../support/calls.ts';
import { aCollector } from '../support/a-collector.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { drained, failureOf, stateOf } from '../support/drained.ts';

const to = (path: string): { url: string } => ({ url: `https://app.test${path}` });

/** Asks for each path, and answers each with 503. */
async function refuseAll(bench: RetryBench, ...paths: string[]): Promise<void> {
  for (const path of paths) bench.ask(to(path)).catch(() => {});
  await bench.answer(...paths.map(() => 503));
  bench.begun();
}

describe('the wait', () => {
  it.each([
    [0, 0],
    [0.5, 150],
    [0.999, 299.7],
  ])('is any share of `delay`: at random %d, %d ms', async (random, ms) => {
    const bench = aRetry();
    bench.roll(random);
    await refuseAll(bench, '/a');

    if (ms > 0) await bench.clock.advance(ms - 0.1);
    expect(bench.begun()).toEqual([]);
    await bench.clock.advance(0.2);

    expect(bench.begun()).toEqual(['/a']);
    expect(bench.events[0]?.delayMs).toBe(Math.round(ms));
  });

  it('doubles with each retry, up to `maxDelay`', async () => {
    const bench = aRetry({ limit: 6, delay: 100, maxDelay: 1000 });
    void bench.ask();

    for (let n = 0; n < 6; n++) {
      await bench.answer(503);
      await bench.clock.advance(1000);
    }

    expect(bench.events.map(({ delayMs }) => delayMs)).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('is within its bounds, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.nat(5000),
        fc.nat(60_000),
        fc.nat(6),
        async (random, delay, maxDelay, n) => {
          const bench = aRetry({ limit: 7, delay, maxDelay }, { timeoutMs: false });
          for (let i = 0; i < n; i++) bench.roll(0);
          bench.roll(random);
          void bench.ask();
          for (let i = 0; i < n; i++) {
            await bench.answer(503);
            await bench.clock.advance(0);
          }
          await bench.answer(503);

          const { delayMs } = bench.events.at(-1)!;
          expect(delayMs).toBe(Math.round(random * Math.min(maxDelay, delay * 2 ** n)));
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('calls that failed together', () => {
  it('are made again in the same turn, in their order', async () => {
    const bench = aRetry();
    bench.roll(0.5);
    await refuseAll(bench, '/a', '/b', '/c');

    await bench.clock.advance(149);
    expect(bench.begun()).toEqual([]);
    await bench.clock.advance(1);

    expect(bench.begun()).toEqual(['/a', '/b', '/c']);
    expect(bench.clock.pending()).toBe(0);
  });

  it('are made again in one task: one window has them all', async () => {
    const clock = fakeClock();
    const { collector, batches } = aCollector({}, { clock });
    const { layer } = aRetry({}, { clock });
    const handle = layer(collector.handle);
    for (const path of ['/a', '/b', '/c', '/d']) void handle(aCall(to(path)));
    await clock.endTask();
    for (const id of [0, 1, 3]) batches[0]?.answer(id, refusal(503));
    batches[0]?.finish();

    await clock.advance(300);

    expect(batches.map(({ paths }) => paths)).toEqual([
      ['/a', '/b', '/c', '/d'],
      ['/a', '/b', '/d'],
    ]);
  });

  it('and one that fails while they wait goes along, and waits no longer than they', async () => {
    const bench = aRetry();
    await refuseAll(bench, '/a');
    await bench.clock.advance(299);
    await refuseAll(bench, '/b');

    await bench.clock.advance(1);

    expect(bench.begun()).toEqual(['/a', '/b']);
    expect(bench.events.map(({ delayMs }) => delayMs)).toEqual([300, 1]);
  });

  it('wait apart from those that have failed more often', async () => {
    const bench = aRetry({ delay: 100 });
    await refuseAll(bench, '/a');
    await bench.clock.advance(100);
    await bench.answer(503);
    bench.begun();
    await refuseAll(bench, '/b');

    await bench.clock.advance(100);
    expect(bench.begun()).toEqual(['/b']);
    await bench.clock.advance(100);

    expect(bench.begun()).toEqual(['/a']);
  });

  it('wait apart from those that succeeded, which have their answers', async () => {
    const bench = aRetry();
    const [one, two] = [bench.ask(to('/a')), bench.ask(to('/b'))];

    await bench.answer(200, 503);

    expect(await stateOf(one)).toBe('ok');
    expect(await stateOf(two)).toBe('pending');
    await bench.clock.advance(300);
    expect(bench.begun()).toEqual(['/a', '/b', '/b']);
  });
});

describe('a caller who leaves while his call waits', () => {
  const reason = new Error('no longer wanted');

  it('is told so at once, and leaves neither timer nor listener', async () => {
    const { layer, clock } = aRetry();
    const handle = layer(() => Promise.resolve(refusal(503)));
    const controller = new AbortController();
    const failure = failureOf(handle(aCall({ signal: controller.signal })));
    await drained();
    expect(clock.pending()).toBe(1);

    controller.abort(reason);

    expect(await failure).toBe(reason);
    expect(clock.pending()).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('leaves the others waiting', async () => {
    const bench = aRetry();
    const controller = new AbortController();
    const failure = failureOf(bench.ask({ ...to('/a'), signal: controller.signal }));
    void bench.ask(to('/b'));
    await bench.answer(503, 503);
    bench.begun();

    controller.abort(reason);
    await bench.clock.advance(300);

    expect(await failure).toBe(reason);
    expect(bench.begun()).toEqual(['/b']);
  });

  it('leaves a wait that nobody joins any more', async () => {
    const bench = aRetry();
    const controller = new AbortController();
    const failure = failureOf(bench.ask({ signal: controller.signal }));
    await bench.answer(503);
    await bench.clock.advance(299);
    controller.abort(reason);
    await failure;

    await refuseAll(bench, '/b');
    await bench.clock.advance(1);

    expect(bench.begun()).toEqual([]);
    await bench.clock.advance(299);
    expect(bench.begun()).toEqual(['/b']);
  });

  it('has no attempt made when he left during one', async () => {
    const bench = aRetry();
    const controller = new AbortController();
    const failure = failureOf(bench.ask({ signal: controller.signal }));

    controller.abort(reason);

    expect(await failure).toBe(reason);
    expect(bench.clock.pending()).toBe(0);
    expect(bench.events).toEqual([]);
  });

  it('and 1,000 others on one signal leave nothing on it', async () => {
    const { layer, clock } = aRetry({ budget: false });
    const { signal } = new AbortController();
    let attempts = 0;
    const handle = layer(() => Promise.resolve(refusal(++attempts > 2000 ? 200 : 503)));
    const replies = Array.from({ length: 1000 }, () => handle(aCall({ signal })));

    await clock.advance(1000);
    await Promise.all(replies);

    expect(attempts).toBe(3000);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});

describe('the end of the client', () => {
  it('gives who waits what his last attempt came to, and stops the timers', async () => {
    const bench = aRetry();
    const [one, two] = [bench.ask(to('/a')), failureOf(bench.ask(to('/b')))];
    const error = failureBy('network');
    bench.flights[0]?.land(refusal(503));
    bench.flights[1]?.fail(error);
    await drained();

    bench.end();

    expect((await one).status).toBe(503);
    expect(await two).toBe(error);
    expect(bench.clock.pending()).toBe(0);
    expect(bench.flights).toHaveLength(2);
  });

  it('lets an attempt end that is under way, and makes no other', async () => {
    const bench = aRetry();
    const reply = bench.ask();

    bench.end();
    await bench.answer(503);

    expect((await reply).status).toBe(503);
    expect(bench.events).toEqual([]);
  });
});

describe('the budget', () => {
  it('refuses what is beyond it, whose callers get what there is', async () => {
    const bench = aRetry({ budget: { floor: 2, ratio: 0 } });
    const replies = ['/a', '/b', '/c'].map((path) => bench.ask(to(path)));
    await bench.answer(503, 503, 503);

    expect((await replies[2])?.status).toBe(503);
    expect(bench.events.map(({ refused, delayMs }) => [refused, delayMs])).toEqual([
      [undefined, 300],
      [undefined, 300],
      ['budget', undefined],
    ]);
    await bench.clock.advance(300);
    expect(bench.begun()).toEqual(['/a', '/b', '/c', '/a', '/b']);
  });

  it('is a share of the calls, whatever became of them', async () => {
    const bench = aRetry({ budget: { floor: 0, ratio: 0.2 }, limit: 1 });
    for (let n = 0; n < 10; n++) void bench.ask();
    await bench.answer(...Array.from({ length: 10 }, () => 503));

    expect(bench.events.filter(({ refused }) => refused === undefined)).toHaveLength(2);
    expect(bench.events.filter(({ refused }) => refused === 'budget')).toHaveLength(8);
  });

  it('is there again when its window has passed', async () => {
    const bench = aRetry({ budget: { floor: 1, ratio: 0, window: '10s' }, delay: 0, limit: 9 });
    await refuseAll(bench, '/a', '/b');
    await bench.clock.advance(10_000);

    await refuseAll(bench, '/c');

    expect(bench.events.map(({ refused }) => refused)).toEqual([undefined, 'budget', undefined]);
  });

  it('has no part in it with `false`', async () => {
    const bench = aRetry({ budget: false, limit: 1 });

    await refuseAll(bench, ...Array.from({ length: 200 }, (_, n) => `/${String(n)}`));

    expect(bench.events.filter(({ refused }) => refused !== undefined)).toEqual([]);
  });

  it('is not spent on what is refused for another reason', async () => {
    const bench = aRetry({ budget: { floor: 1, ratio: 0 } }, { timeoutMs: 1000 });
    void bench.ask();
    bench.flights[0]?.land(refusal(503, '60'));
    await drained();

    await refuseAll(bench, '/b');

    expect(bench.events.map(({ refused }) => refused)).toEqual(['deadline', undefined]);
  });
});

describe('without a network', () => {
  it('nothing is made again, and callers get what there is', async () => {
    const bench = aRetry();
    const [one, two] = [bench.ask(), failureOf(bench.ask())];
    const error = failureBy('network');
    bench.goOffline();

    bench.flights[0]?.land(refusal(503));
    bench.flights[1]?.fail(error);

    expect((await one).status).toBe(503);
    expect(await two).toBe(error);
    expect(bench.events).toMatchObject([
      { status: 503, refused: 'offline' },
      { error, refused: 'offline' },
    ]);
    expect(bench.clock.pending()).toBe(0);
  });

  it('answers that are answers are handed on without a word', async () => {
    const bench = aRetry();
    const reply = bench.ask();
    bench.goOffline();

    bench.flights[0]?.land(aReply());

    expect((await reply).status).toBe(200);
    expect(bench.events).toEqual([]);
  });
});
