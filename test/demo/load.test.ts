import { describe, expect, it } from 'vitest';
import { UsageError } from '../../demo/compare/command-line.ts';
import { sustain, type Figures } from '../../demo/load/measure.ts';
import { readOptions } from '../../demo/load/options.ts';
import { formatReport } from '../../demo/load/report.ts';
import {
  cpuSaved,
  hasRecovered,
  lostIn,
  middleOf,
  speedup,
  type Results,
} from '../../demo/load/results.ts';
import { batched, singly } from '../../demo/load/ways.ts';
import { readConfig } from '../../demo/server/config.ts';
import { serve } from '../../demo/server/serve.ts';
import { logIn } from '../../demo/compare/log-in.ts';

const figures = (more: Partial<Figures> = {}): Figures => ({
  answers: 100,
  itemsPerSecond: 1000,
  cpuPerItem: 300,
  p50: 5,
  p99: 20,
  lost: 0,
  ...more,
});

const results = (more: Partial<Results> = {}): Results => ({
  at: '2026-11-26T08:00:00.000Z',
  connections: 10,
  items: 50,
  seconds: 3,
  rounds: 3,
  ways: [
    { name: 'singly', figures: figures() },
    { name: 'in batches', figures: figures({ itemsPerSecond: 4000, cpuPerItem: 60 }) },
    { name: 'in batches, uncached', figures: figures({ itemsPerSecond: 2000 }) },
  ],
  spike: ['before', 'in it', 'after'].map((name) => ({ name, figures: figures() })),
  ...more,
});

const spike = (before: number, after: number): Results['spike'] => [
  { name: 'before', figures: figures({ p99: before }) },
  { name: 'in it', figures: figures({ p99: 5000 }) },
  { name: 'after', figures: figures({ p99: after }) },
];

describe('the options of npm run load', () => {
  it('have defaults', () => {
    expect(readOptions([])).toEqual({
      connections: 10,
      items: 50,
      seconds: 3,
      rounds: 3,
      token: undefined,
      url: undefined,
      json: 'load-results/latest.json',
      help: false,
    });
  });

  it('are read', () => {
    const line =
      '--connections 2 --items 20 --seconds 1 --rounds 1 --token a.b-c --url http://127.0.0.1:8787 --json a.json';

    expect(readOptions(line.split(' '))).toEqual({
      connections: 2,
      items: 20,
      seconds: 1,
      rounds: 1,
      token: 'a.b-c',
      url: new URL('http://127.0.0.1:8787'),
      json: 'a.json',
      help: false,
    });
  });

  it.each([
    [['--connections', '0'], "--connections must be a whole number from 1 to 100, got '0'"],
    [['--connections', '101'], "got '101'"],
    [['--items', '101'], '--items must be a whole number from 1 to 100'],
    [['--seconds', '61'], '--seconds must be a whole number from 1 to 60'],
    [['--seconds', '1.5'], "got '1.5'"],
    [['--rounds', '11'], '--rounds must be a whole number from 1 to 10'],
    [['--token', 'a b'], '--token must be letters'],
    [['--json', ''], '--json must be the name of a file'],
    [['--url', 'https://localhost'], "got 'https://localhost'"],
    [['--url', 'http://localhost/batch'], 'must be the address of a server on this machine'],
    [['--nothing'], '--nothing'],
  ])('%j are refused', (args, message) => {
    const read = () => readOptions(args);

    expect(read).toThrow(UsageError);
    expect(read).toThrow(message);
  });

  it.each(['http://example.com', 'http://10.0.0.1', 'http://127.0.0.1.example.com'])(
    'nobody else’s server is loaded: %s',
    (url) => {
      expect(() => readOptions(['--url', url])).toThrow('on this machine');
    },
  );

  it.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1'])('%s is', (url) => {
    expect(readOptions(['--url', url]).url?.href).toBe(`${url}/`);
  });
});

describe('what is made of the figures', () => {
  it('the round in the middle counts, and what was lost in any', () => {
    const rounds = [
      figures({ itemsPerSecond: 300, lost: 1 }),
      figures({ itemsPerSecond: 100, lost: 2 }),
      figures({ itemsPerSecond: 200 }),
    ];

    expect(middleOf(rounds)).toEqual(figures({ itemsPerSecond: 200, lost: 3 }));
    expect(middleOf(rounds.slice(0, 2)).itemsPerSecond).toBe(100);
    expect(() => middleOf([])).toThrow(RangeError);
  });

  it('the speed-up is against asking singly', () => {
    expect(speedup(results(), 'in batches')).toBe(4);
    expect(speedup(results(), 'in batches, uncached')).toBe(2);
  });

  it.each([
    [20, 20, true],
    [20, 50, true],
    [20, 51, false],
    [200, 410, true],
    [200, 411, false],
  ])('p99 that was %i ms and then is %i ms: %s', (before, after, recovered) => {
    expect(hasRecovered(results({ spike: spike(before, after) }))).toBe(recovered);
  });

  it('counts what was lost anywhere', () => {
    const lossy = [{ name: 'before', figures: figures({ lost: 2 }) }];

    expect(lostIn(results())).toBe(0);
    expect(lostIn(results({ ways: lossy, spike: lossy }))).toBe(4);
  });

  it('a server that doesn’t tell what it uses is measured all the same', () => {
    const unknown = results().ways.map(({ name, figures: found }) => ({
      name,
      figures: { ...found, cpuPerItem: null },
    }));

    const report = formatReport(results({ ways: unknown }));

    expect(cpuSaved(results({ ways: unknown }), 'in batches')).toBeNaN();
    expect(report).toContain('in batches: 4.0 times as many as singly\n');
  });

  it('is said in words', () => {
    const good = formatReport(results());
    const lossy = [{ name: 'singly', figures: figures({ lost: 7 }) }];
    const bad = formatReport(results({ ways: lossy, spike: spike(20, 500) }));

    expect(good).toContain(
      'in batches: 4.0 times as many as singly, at 20 % of the server’s CPU for each\n',
    );
    expect(good).toContain(
      '2.0 times as many as singly, at 100 % of the server’s CPU for each (3 are wanted)',
    );
    expect(good).toContain('nothing was lost');
    expect(good).toContain('p99 recovered');
    expect(bad).toContain('7 answers were lost');
    expect(bad).toContain('p99 did not recover');
  });
});

describe('a measurement', () => {
  const connections = 2;
  const pace = { perSecond: 4, seconds: 1 };

  it.each([
    ['singly', (token?: string) => singly(4, token), {}, 0],
    ['in batches', (token?: string) => batched(4, token, true), {}, 0],
    ['in batches, without a token', () => batched(4, undefined, true), {}, 4],
    // A batch of items that are refused is a 200 all the same.
    ['of failing items', (token?: string) => batched(4, token, true), { ITEM_LIMIT: 3 }, 4],
  ])('%s: each answer is asked for, and looked at', async (_, toWay, config, lost) => {
    const server = await serve(0, { ...readConfig(), ...config });
    try {
      const url = new URL(`http://127.0.0.1:${server.port}`);
      const way = toWay(await logIn(url));

      const measured = await sustain({ url, connections }, way, pace);

      expect(measured.answers + measured.lost).toBe(4);
      expect(measured.lost).toBe(lost);
      if (lost === 0) expect(measured.cpuPerItem).toBeGreaterThan(0);
    } finally {
      await server.close(0);
    }
  });
});
