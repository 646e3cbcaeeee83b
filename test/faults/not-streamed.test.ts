import { describe, expect, it } from 'vitest';
import {
  aBench,
  batchesIn,
  pass,
  pathsOf,
  post,
  stopTime,
  accepts,
  stepsOf,
  pair,
  pairs,
  type Bench,
} from './bench.ts';
import { asJson, good, statsLine, type Exchange, type Step } from './faulty-server.ts';

const second = 1000;

describe('an endpoint that does not stream', () => {
  it('twice in a row is asked for buffered answers from then on', async () => {
    const bench = await aBench({ otherBatches: asJson });

    const outcomes = [await pair(bench, 1), await pair(bench, 2), await pair(bench, 3)];

    expect(outcomes.flat()).toEqual(Array(6).fill(200));
    expect(stepsOf(bench)).toEqual(['not-streamed: buffered']);
    expect(bench.steps.seen[0]).toMatchObject({ url: bench.server.endpoint, method: 'POST' });
    expect(accepts(bench)).toEqual(['streamed', 'streamed', 'buffered']);
    expect(bench.retries.seen).toEqual([]);
    expect(bench.server.natives.seen).toEqual([]);
  });

  it('is asked for streams again after 10 s, and then after 20 s', async () => {
    const bench = await aBench({ batches: Array(6).fill(asJson) as Step[] });
    stopTime();
    await pairs(bench, 2, 'p');
    await pass(10 * second - 1);
    await pair(bench, 'early');
    await pass(1);
    await pair(bench, 'first');
    await pair(bench, 'between');
    await pass(20 * second - 1);
    await pair(bench, 'late');
    await pass(1);
    await pair(bench, 'second');
    await bench.steps.reaches(2);
    await pair(bench, 'after');

    expect(accepts(bench)).toEqual([
      'streamed',
      'streamed',
      'buffered',
      'streamed',
      'buffered',
      'buffered',
      'streamed',
      'streamed',
    ]);
    expect(stepsOf(bench)).toEqual(['not-streamed: buffered', 'recovered: streamed']);
  });

  it('now and then is asked for streams', async () => {
    const bench = await aBench({ batches: [asJson, good, asJson, good, asJson] });

    await pairs(bench, 6, 'p');

    expect(bench.steps.seen).toEqual([]);
    expect(accepts(bench)).toEqual(Array(6).fill('streamed'));
  });

  it('has unsafe calls carried out once', async () => {
    const { ask, server } = await aBench({ otherBatches: asJson });

    const calls = ['/w', '/x', '/y', '/z'].map((path) => ask(path, post()));

    expect(await pathsOf(calls)).toEqual(['/w', '/x', '/y', '/z']);
    expect(server.log.seen).toEqual(['batch: POST /w, POST /x, POST /y, POST /z']);
  });
});

/** Answers all at once, as if something on the way had kept it back; `averageMs` is what an item took. */
function comeAtOnce(
  { head, end, run, items }: Exchange,
  durationMs: number,
  averageMs: number,
): void {
  head(200, { 'content-type': 'application/x-ndjson' });
  end(run().join('') + statsLine(items.length, { durationMs, averageMs }));
}

describe('a proxy that keeps streams back', () => {
  const wait: Step = () => {};

  /** Six calls whose answers all come after a second, though some were ready long before, or none was. */
  async function rideThrough(bench: Bench, name: string, averageMs: number): Promise<string[]> {
    const { ask, batches, server } = bench;
    const calls = [1, 2, 3, 4, 5, 6].map((n) => ask(`/${name}/${String(n)}`));
    const nth = server.batches.seen.length + 1;
    await server.batches.reaches(nth);
    await pass(1000);
    comeAtOnce(server.batches.seen[nth - 1]!, 1000, averageMs);
    const paths = await pathsOf(calls);
    await batches.reaches(nth);
    return paths;
  }

  it('is noticed when it has done so twice in a row', async () => {
    const bench = await aBench({ otherBatches: wait });
    stopTime();

    await rideThrough(bench, 'a', 200);
    expect(bench.steps.seen).toEqual([]);
    await rideThrough(bench, 'b', 200);

    expect(stepsOf(bench)).toEqual(['buffered-by-proxy: buffered']);
    expect(bench.steps.seen[0]).toMatchObject({ url: bench.server.endpoint, method: 'POST' });
    expect(bench.retries.seen).toEqual([]);
    expect(batchesIn(bench.server)).toHaveLength(2);
  });

  it('is not suspected where no item was ready before', async () => {
    const bench = await aBench({ otherBatches: wait });
    stopTime();

    for (const name of ['a', 'b', 'c']) await rideThrough(bench, name, 1000);

    expect(bench.steps.seen).toEqual([]);
    expect(accepts(bench)).toEqual(Array(3).fill('streamed'));
  });

  it('is not suspected where parts come one by one', async () => {
    const { ask, batches, server, steps } = await aBench({ otherBatches: wait });
    stopTime();

    for (const n of [1, 2, 3]) {
      const calls = ['/a', '/b', '/c', '/d'].map((path) => ask(`/${String(n)}${path}`));
      await server.batches.reaches(n);
      const { head, write, end, run } = server.batches.seen[n - 1]!;
      head(200, { 'content-type': 'application/x-ndjson' });
      for (const [at, line] of run().entries()) {
        await pass(250);
        write(line);
        await calls[at];
      }
      end(statsLine(4, { durationMs: 1000, averageMs: 625 }));
      await batches.reaches(n);
    }

    expect(steps.seen).toEqual([]);
    expect(batches.seen.map(({ answered }) => answered)).toEqual([4, 4, 4]);
  });

  it('is not suspected of answers that are quick', async () => {
    const bench = await aBench({ otherBatches: good });

    await pairs(bench, 4, 'p');

    expect(bench.steps.seen).toEqual([]);
    expect(accepts(bench)).toEqual(Array(4).fill('streamed'));
  });
});
