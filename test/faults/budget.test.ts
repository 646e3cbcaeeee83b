import { describe, expect, it } from 'vitest';
import { aBench, outcomesOf, pass, pathsOf, post, stopTime, type Bench } from './bench.ts';
import { resetAtOnce, whole } from './faulty-server.ts';

/** The calls that have arrived, by whatever road. */
const arrived = ({ server }: Bench): number =>
  [...server.batches.seen, ...server.natives.seen].reduce(
    (sum, { items }) => sum + items.length,
    0,
  );

const outage = { otherBatches: resetAtOnce, otherNatives: resetAtOnce };

const many = ({ ask }: Bench, count: number, wave = 0): Promise<Response>[] =>
  Array.from({ length: count }, (_, n) => ask(`/${String(wave)}/${String(n)}`));

const refusedBy = ({ retries }: Bench): (string | undefined)[] =>
  retries.seen.map(({ refused }) => refused);

describe('an outage', () => {
  it('of an endpoint makes 300 calls try again 60 times at most', async () => {
    const bench = await aBench(outage);

    const calls = many(bench, 300);

    const outcomes = await outcomesOf(calls);
    expect(outcomes.every((outcome) => outcome === 'network' || outcome === 'TypeError')).toBe(
      true,
    );
    expect(bench.carpool.stats().retries).toBe(60);
    expect(arrived(bench)).toBe(300 + 60);
    expect(refusedBy(bench).filter((refused) => refused === undefined)).toHaveLength(60);
    expect(refusedBy(bench).filter((refused) => refused === 'budget')).toHaveLength(300);
  });

  it('of a closed port makes no more attempts either', async () => {
    const bench = await aBench();
    await bench.server.refuse();

    const calls = many(bench, 300);

    const outcomes = await outcomesOf(calls);
    expect(outcomes.every((outcome) => outcome === 'network' || outcome === 'TypeError')).toBe(
      true,
    );
    expect(bench.carpool.stats().retries).toBe(60);
  });

  it('that is answered 503 leaves the answers to those who may not try again', async () => {
    const bench = await aBench({ otherBatches: whole(503), otherNatives: whole(503) });

    const calls = many(bench, 300);

    expect(await outcomesOf(calls)).toEqual(Array(300).fill(503));
    expect(bench.carpool.stats().retries).toBe(60);
    expect(arrived(bench)).toBe(360);
  });

  it('of calls made one after the other is bounded, too', async () => {
    const bench = await aBench(outage, { retry: { delay: 0, budget: { floor: 5, ratio: 0.1 } } });

    for (let n = 0; n < 30; n++) await outcomesOf([bench.ask(`/${String(n)}`)]);

    expect(bench.carpool.stats().retries).toBe(5);
    expect(arrived(bench)).toBe(35);
  });

  it('counts no unsafe calls, which are not sent again', async () => {
    const bench = await aBench(outage, { retry: { delay: 1, budget: { floor: 2, ratio: 0 } } });

    const calls = [
      ...['/w', '/x', '/y'].map((path) => bench.ask(path, post())),
      ...['/a', '/b', '/c'].map((path) => bench.ask(path)),
    ];

    expect(await outcomesOf(calls)).toEqual(Array(6).fill('network'));
    expect(bench.carpool.stats().retries).toBe(2);
    expect(arrived(bench)).toBe(8);
    expect(refusedBy(bench).filter((refused) => refused === 'budget')).toHaveLength(3);
  });
});

describe('the budget', () => {
  it.each([
    [{ floor: 3, ratio: 0 }, 3],
    [{ floor: 0, ratio: 0.5 }, 10],
    [{ floor: 30, ratio: 0.5 }, 30],
    [{ floor: 0, ratio: 0 }, 0],
    [false as const, 40],
  ])('%o lets 20 calls try again this often: %s', async (budget, retries) => {
    const bench = await aBench(outage, { retry: { delay: 1, budget } });

    const calls = many(bench, 20);

    expect(await outcomesOf(calls)).toEqual(Array(20).fill('network'));
    expect(bench.carpool.stats().retries).toBe(retries);
    expect(arrived(bench)).toBe(20 + retries);
  });

  it('is there again when its window has passed', async () => {
    const bench = await aBench(outage, {
      retry: { delay: 0, budget: { floor: 4, ratio: 0, window: '1m' } },
    });
    stopTime();
    const outageOf = async (wave: number): Promise<void> => {
      const calls = many(bench, 3, wave);
      const settled = outcomesOf(calls);
      let isOver = false;
      void settled.then(() => {
        isOver = true;
      });
      while (!isOver) await pass(0);
      await settled;
    };

    await outageOf(1);
    await outageOf(2);
    expect(bench.carpool.stats().retries).toBe(4);
    await pass(59_999);
    await outageOf(3);
    expect(bench.carpool.stats().retries).toBe(4);
    await pass(60_001);
    await outageOf(4);

    expect(bench.carpool.stats().retries).toBe(8);
  });

  it('refuses some of a group, and the others ride together', async () => {
    const { ask, server } = await aBench(
      { batches: [resetAtOnce] },
      { retry: { delay: 1, budget: { floor: 2, ratio: 0 } } },
    );

    const calls = [ask('/a'), ask('/b'), ask('/c'), ask('/d')];

    const outcomes = await outcomesOf(calls);
    expect(outcomes.map(String).sort()).toEqual(['200', '200', 'network', 'network']);
    expect(server.batches.seen.map(({ items }) => items.length)).toEqual([4, 2]);
  });

  it('of one client is not another’s', async () => {
    const [first, second] = [
      await aBench(outage, { retry: { delay: 1, budget: { floor: 2, ratio: 0 } } }),
      await aBench(
        { batches: [resetAtOnce] },
        { retry: { delay: 1, budget: { floor: 2, ratio: 0 } } },
      ),
    ];
    await outcomesOf(many(first, 4));

    const calls = [second.ask('/a'), second.ask('/b')];

    expect(await pathsOf(calls)).toEqual(['/a', '/b']);
    expect(first.carpool.stats().retries).toBe(2);
  });
});
