import { describe, expect, it } from 'vitest';
import { BatchError } from '../../src/core/errors.ts';
import type { Level } from '../../src/core/events.ts';
import { aBreaker, type BreakerBench, type Fate } from '../support/a-breaker.ts';
import { aReply } from '../support/calls.ts';
import { drained, failureOf } from '../support/drained.ts';
import { endpoint } from '../support/fake-network.ts';

type Step = readonly [reason: string, level: Level];

const stepsOf = ({ steps }: BreakerBench): Step[] =>
  steps.map(({ reason, level }) => [reason, level!]);

const times = (count: number, fate: Fate): Fate[] => Array.from({ length: count }, () => fate);

const refused = (status: number): BatchError =>
  new BatchError('status', `answered ${String(status)}`, { status });

/** One call, as the breaker sends it. */
async function roadOf(bench: BreakerBench, given = {}): Promise<'rode' | 'past'> {
  const before = bench.past.length;
  bench.ask(given).catch(() => {});
  await drained();
  return bench.past.length > before ? 'past' : 'rode';
}

/** Lets a window close on a probe, whose batch then ends so. */
async function probe(bench: BreakerBench, fate: Fate): Promise<'rode' | 'past'> {
  const road = await roadOf(bench);
  await bench.clock.endTask();
  if (road === 'rode') bench.ended(fate);
  return road;
}

describe('the breaker', () => {
  it.each<[string, Fate[], Step[]]>([
    ['streams that come', times(9, 'streamed'), []],
    ['404', [404], [['missing', 'unbatched']]],
    ['405', [405], [['missing', 'unbatched']]],
    ['415', [415], [['missing', 'unbatched']]],
    ['501', [501], [['missing', 'unbatched']]],
    ['404 again and again', times(9, 404), [['missing', 'unbatched']]],
    ['four failures', times(4, 'network'), []],
    ['five: network', times(5, 'network'), [['failing', 'buffered']]],
    ['five: protocol', times(5, 'protocol'), [['failing', 'buffered']]],
    ['five: missing-part', times(5, 'missing-part'), [['failing', 'buffered']]],
    ['five: 500', times(5, 500), [['failing', 'buffered']]],
    ['five: 503', times(5, 503), [['failing', 'buffered']]],
    [
      'five of all kinds',
      ['network', 503, 'protocol', 'missing-part', 500],
      [['failing', 'buffered']],
    ],
    ['nine failures', times(9, 'network'), [['failing', 'buffered']]],
    [
      'ten failures',
      times(10, 'network'),
      [
        ['failing', 'buffered'],
        ['failing', 'unbatched'],
      ],
    ],
    ['four, a success, four', [...times(4, 503), 'streamed', ...times(4, 503)], []],
    [
      'what says nothing of the endpoint, between failures',
      ['network', 'aborted', 'network', 429, 'network', 400, 'network', 401, 'network'],
      [['failing', 'buffered']],
    ],
    ['what says nothing of the endpoint', [...times(9, 'aborted'), ...times(9, 429)], []],
    ['deadlines of callers', times(9, 'deadline'), []],
    ['five: silence', times(5, 'timeout'), [['failing', 'buffered']]],
    ['refusals', [...times(6, 400), ...times(6, 403), ...times(6, 413), ...times(6, 422)], []],
    ['one JSON document', ['buffered'], []],
    ['two JSON documents', times(2, 'buffered'), [['not-streamed', 'buffered']]],
    ['JSON now and then', ['buffered', 'streamed', 'buffered', 'streamed'], []],
    ['one burst', ['together'], []],
    ['two bursts', times(2, 'together'), [['buffered-by-proxy', 'buffered']]],
    ['bursts now and then', ['together', 'streamed', 'together'], []],
    ['many JSON documents', times(9, 'buffered'), [['not-streamed', 'buffered']]],
    [
      'JSON, then nothing',
      [...times(2, 'buffered'), 404],
      [
        ['not-streamed', 'buffered'],
        ['missing', 'unbatched'],
      ],
    ],
    [
      'JSON, then failures',
      [...times(2, 'buffered'), ...times(5, 500)],
      [
        ['not-streamed', 'buffered'],
        ['failing', 'unbatched'],
      ],
    ],
  ])('after %s has taken these steps: %#', (_, fates, expected) => {
    const bench = aBreaker();

    bench.ended(...fates);

    expect(stepsOf(bench)).toEqual(expected);
  });

  it('tells of a step by the endpoint’s URL', () => {
    const { ended, steps } = aBreaker();

    ended(404);

    expect(steps).toEqual([
      { url: endpoint, method: 'POST', reason: 'missing', level: 'unbatched' },
    ]);
  });

  it('learns nothing from failures without a network', () => {
    const bench = aBreaker();
    bench.setOnline(false);

    bench.ended(...times(20, 'network'));

    expect(bench.steps).toEqual([]);
    bench.setOnline(true);
    bench.ended(...times(4, 'network'));
    expect(bench.steps).toEqual([]);
  });

  it('knows endpoints apart', async () => {
    const bench = aBreaker();
    bench.ended(404);

    expect(await roadOf(bench, { endpoint: 'https://other.test/batch' })).toBe('rode');
    expect(await roadOf(bench)).toBe('past');
    expect(bench.isBuffered('https://other.test/batch')).toBe(false);
  });
});

describe('calls', () => {
  it('ride while batches work, whatever their answers', async () => {
    const { ask, detours, flights, past } = aBreaker();
    const reply = ask();

    flights[0]?.land(aReply({ status: 404 }));

    expect((await reply).status).toBe(404);
    expect(past).toEqual([]);
    expect(detours).toEqual([]);
  });

  it.each([404, 405, 415, 501])(
    'of a batch that an endpoint of %i refused go past at once, each exactly once, unsafe ones too',
    async (status) => {
      const { ask, detours, ended, flights, past } = aBreaker();
      const methods = ['GET', 'POST', 'DELETE'];
      const replies = methods.map((method) => ask({ method }));

      ended(status);
      for (const { fail } of flights) fail(refused(status));

      expect((await Promise.all(replies)).map((reply) => reply.status)).toEqual([299, 299, 299]);
      expect(flights).toHaveLength(3);
      expect(past).toEqual(flights.map(({ call }) => call));
      expect(detours.map(({ method, reason, level }) => [method, reason, level])).toEqual(
        methods.map((method) => [method, 'breaker', undefined]),
      );
    },
  );

  it('that are too large by themselves go past', async () => {
    const { ask, detours, flights, past } = aBreaker();
    const reply = ask({ method: 'POST' });

    flights[0]?.fail(refused(413));

    expect((await reply).status).toBe(299);
    expect(past).toHaveLength(1);
    expect(detours).toEqual([
      { url: 'https://app.test/api/1', method: 'POST', reason: 'too-large' },
    ]);
  });

  it.each([
    ['a refusal of just this batch', refused(400)],
    ['a lost connection', new BatchError('network', 'lost')],
    ['an answer that is none', new BatchError('protocol', 'not JSON', { status: 404 })],
    ['a part that did not come', new BatchError('missing-part', 'cut')],
    ['a bug', new Error('own')],
  ])('that may have been carried out are not carried again: %s', async (_, error) => {
    const { ask, flights, past } = aBreaker();
    const failure = failureOf(ask({ method: 'POST' }));

    flights[0]?.fail(error);

    expect(await failure).toBe(error);
    expect(past).toEqual([]);
  });

  it('go past while the breaker is open, and each is told of', async () => {
    const bench = aBreaker();
    bench.ended(404);

    expect(await roadOf(bench)).toBe('past');
    expect(await roadOf(bench, { method: 'POST' })).toBe('past');

    expect(bench.flights).toEqual([]);
    expect(bench.detours.map(({ reason }) => reason)).toEqual(['breaker', 'breaker']);
  });

  it.each([
    ['streamed', [], 'rode'],
    ['buffered', times(2, 'buffered'), 'rode'],
    ['unbatched', [404], 'past'],
  ] as const)('at the level %s: %#', async (_, fates, road) => {
    const bench = aBreaker();
    bench.ended(...(fates as Fate[]));

    expect(await roadOf(bench)).toBe(road);
  });
});

describe('a probe', () => {
  it.each([
    [9999, 'past'],
    [10_000, 'rode'],
  ] as const)('of an endpoint that is missing comes 10 s later: %i ms, %s', async (ms, road) => {
    const bench = aBreaker();
    bench.ended(404);

    await bench.clock.advance(ms);

    expect(await roadOf(bench)).toBe(road);
  });

  it('is one window’s safe calls, and what comes later goes past', async () => {
    const bench = aBreaker();
    bench.ended(404);
    await bench.clock.advance(10_000);

    const roads = await Promise.all([
      roadOf(bench),
      roadOf(bench, { method: 'HEAD' }),
      roadOf(bench),
    ]);
    await bench.clock.endTask();
    const late = await roadOf(bench);

    expect(bench.flights.map(({ call }) => call.method)).toEqual(['GET', 'HEAD', 'GET']);
    expect(roads).not.toContain('past');
    expect(late).toBe('past');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is never an unsafe call: %s', async (method) => {
    const bench = aBreaker();
    bench.ended(404);
    await bench.clock.advance(10_000);
    expect(await roadOf(bench, { method })).toBe('past');

    expect(await roadOf(bench)).toBe('rode');
    expect(await roadOf(bench, { method })).toBe('past');
  });

  it('that fails is followed by another one after twice the time, up to five minutes', async () => {
    const bench = aBreaker();
    bench.ended(404);
    const waits: number[] = [];

    for (let n = 0; n < 8; n++) {
      const since = bench.clock.now();
      while ((await probe(bench, 404)) === 'past') await bench.clock.advance(5000);
      waits.push((bench.clock.now() - since) / 1000);
    }

    expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
    expect(stepsOf(bench)).toEqual([['missing', 'unbatched']]);
  });

  it.each<[Fate, Level]>([
    ['streamed', 'streamed'],
    ['buffered', 'buffered'],
    ['together', 'buffered'],
  ])('that comes back %s brings batching back as it has answered', async (fate, level) => {
    const bench = aBreaker();
    bench.ended(404);
    await bench.clock.advance(10_000);

    await probe(bench, fate);

    expect(stepsOf(bench).slice(1)).toEqual([['recovered', level]]);
    expect(await roadOf(bench)).toBe('rode');
    expect(await roadOf(bench, { method: 'POST' })).toBe('rode');
    expect(bench.isBuffered(endpoint)).toBe(level === 'buffered');
  });

  it('is again 10 s after the next time that the endpoint goes missing', async () => {
    const bench = aBreaker();
    bench.ended(404);
    await bench.clock.advance(10_000);
    await probe(bench, 404);
    await bench.clock.advance(20_000);
    await probe(bench, 'streamed');

    bench.ended(404);
    await bench.clock.advance(10_000);

    expect(await roadOf(bench)).toBe('rode');
  });

  it('whose calls the endpoint refuses has them carried past, once', async () => {
    const bench = aBreaker();
    bench.ended(404);
    await bench.clock.advance(10_000);
    const reply = bench.ask();
    await bench.clock.endTask();

    bench.ended(404);
    bench.flights[0]?.fail(refused(404));

    expect((await reply).status).toBe(299);
    expect(bench.past).toHaveLength(1);
  });

  it('that loses its connection costs its calls nothing: they are carried past, once', async () => {
    const bench = aBreaker();
    bench.ended(404);
    await bench.clock.advance(10_000);
    const replies = [bench.ask(), bench.ask({ method: 'HEAD' })];
    await bench.clock.endTask();

    bench.ended('network');
    for (const { fail } of bench.flights) fail(new BatchError('network', 'lost'));

    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([299, 299]);
    expect(bench.past).toHaveLength(2);
  });

  it('whose caller leaves gives him his reason, and carries nothing past', async () => {
    const bench = aBreaker();
    bench.ended(404);
    await bench.clock.advance(10_000);
    const controller = new AbortController();
    const failure = failureOf(bench.ask({ signal: controller.signal }));
    await bench.clock.endTask();
    const reason = new Error('no longer wanted');

    controller.abort(reason);

    expect(await failure).toBe(reason);
    expect(bench.past).toEqual([]);
  });

  it.each<Fate>(['aborted', 429, 400])(
    'that says nothing is followed by the next window’s: %s',
    async (fate) => {
      const bench = aBreaker();
      bench.ended(404);
      await bench.clock.advance(10_000);

      await probe(bench, fate);

      expect(await roadOf(bench)).toBe('rode');
      expect(stepsOf(bench)).toEqual([['missing', 'unbatched']]);
    },
  );

  it('of a lone call, which went natively and told nothing, is followed by the next window’s', async () => {
    const bench = aBreaker();
    bench.ended(404);
    await bench.clock.advance(10_000);
    const reply = bench.ask();
    await bench.clock.endTask();
    bench.flights[0]?.land(aReply());
    await reply;

    expect(await roadOf(bench)).toBe('rode');
  });

  it('of a lone call that ended within its task is followed by the next window’s', async () => {
    const bench = aBreaker();
    bench.ended(404);
    await bench.clock.advance(10_000);
    const controller = new AbortController();
    const failure = failureOf(bench.ask({ signal: controller.signal }));
    // As a component does that is unmounted as soon as it has been mounted.
    controller.abort(new Error('no longer wanted'));
    await failure;
    await bench.clock.endTask();

    expect(await roadOf(bench)).toBe('rode');
  });

  it('that fails without a network leaves the time as it is', async () => {
    const bench = aBreaker();
    bench.ended(404);
    await bench.clock.advance(10_000);
    bench.setOnline(false);
    await probe(bench, 'network');
    bench.setOnline(true);

    expect(await roadOf(bench)).toBe('rode');
  });
});

describe('an endpoint whose answers come in one piece', () => {
  it('is asked for them so, and for a stream again after 10 s', async () => {
    const bench = aBreaker();
    expect(bench.isBuffered(endpoint)).toBe(false);

    bench.ended(...times(2, 'buffered'));
    expect(bench.isBuffered(endpoint)).toBe(true);
    await bench.clock.advance(9999);
    expect(bench.isBuffered(endpoint)).toBe(true);
    await bench.clock.advance(1);

    expect(bench.isBuffered(endpoint)).toBe(false);
  });

  it('is used as before when it streams again', async () => {
    const bench = aBreaker();
    bench.ended(...times(2, 'buffered'));
    await bench.clock.advance(10_000);

    bench.ended('streamed');

    expect(stepsOf(bench).slice(1)).toEqual([['recovered', 'streamed']]);
    expect(bench.isBuffered(endpoint)).toBe(false);
  });

  it('is asked for a stream after twice the time when it still doesn’t', async () => {
    const bench = aBreaker();
    bench.ended(...times(2, 'buffered'));
    await bench.clock.advance(10_000);

    bench.ended('buffered');

    await bench.clock.advance(19_999);
    expect(bench.isBuffered(endpoint)).toBe(true);
    await bench.clock.advance(1);
    expect(bench.isBuffered(endpoint)).toBe(false);
    expect(bench.steps).toHaveLength(1);
  });

  it('is never asked so where it is not known', () => {
    expect(aBreaker().isBuffered('https://unknown.test/batch')).toBe(false);
  });
});
