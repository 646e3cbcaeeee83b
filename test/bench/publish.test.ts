import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../bench/catalogue.ts';
import type { Report, ScenarioReport } from '../../bench/harness/report.ts';
import { toGrid } from '../../bench/harness/grid.ts';
import { putBetweenMarks } from '../../bench/publish/between-marks.ts';
import { figuresOf } from '../../bench/publish/column.ts';
import { condense } from '../../bench/publish/condense.ts';
import { filesOf, jsonPath, readmePath } from '../../bench/publish/files.ts';
import { formatSummary } from '../../bench/publish/summary.ts';
import { checkWhole } from '../../bench/publish/whole.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const published = JSON.parse(read(jsonPath)) as Report;

describe('what is published', () => {
  test('is what the JSON says, to the letter', async () => {
    const files = await filesOf(published, read(readmePath));

    const onDisk = [...files.keys()].map((path) => [path, read(path)]);
    expect(onDisk).toEqual([...files]);
  });

  test('is a whole run, with a chart of each scenario', async () => {
    expect(() => checkWhole(published, Object.keys(catalogue))).not.toThrow();

    const paths = [...(await filesOf(published, read(readmePath))).keys()];
    const charts = Object.keys(catalogue).map(
      (name) => `docs/benchmarks/${name.toLowerCase()}.svg`,
    );
    expect(paths).toEqual(expect.arrayContaining(charts));
  });

  test('names every bar that was missed', () => {
    const missed = published.scenarios.flatMap(({ verdicts }) =>
      verdicts.filter(({ holds }) => !holds).map(({ bar }) => bar),
    );

    const readme = read(readmePath);
    for (const bar of missed) expect(readme).toContain(bar);
  });
});

const aScenario = (carpool: number, peer: number, holds: boolean): ScenarioReport => {
  const row = (value: number) => new Map([['last', [value]]]);
  const grid = toGrid({
    title: '100 calls of 150 ms',
    measures: [{ name: 'last', unit: 'ms' }],
    subjects: [],
    samples: new Map([
      ['Carpool, HTTP/1.1', row(carpool)],
      ['native fetch, HTTP/1.1', row(1)],
      ['DataLoader', row(peer)],
      ['batshit', row(peer + 1)],
      ['limit', row(2)],
    ]),
  });
  const verdicts = [{ bar: 'the last in time', holds }];
  return { name: 'S2', title: '', sections: [grid], verdicts, notes: [], tookSeconds: 1 };
};

const aReport = (scenario: ScenarioReport): Report => ({ ...published, scenarios: [scenario] });

describe('formatSummary', () => {
  test('the better of Carpool and its best peer is bold, and the peer is named', () => {
    const ahead = formatSummary(aReport(aScenario(10, 20, true)));
    const behind = formatSummary(aReport(aScenario(20, 10, true)));

    expect(ahead).toMatch(/\| +\*\*10\*\* \| 20 DataLoader +\| +2 \|/);
    expect(behind).toMatch(/\| +20 \| \*\*10\*\* DataLoader +\| +2 \|/);
  });

  test('missed bars are counted and named', () => {
    expect(formatSummary(aReport(aScenario(1, 1, false)))).toContain(
      'Of 1 bars that Carpool is held to, 1 are missed ([why](docs/benchmarks.md#bars-that-are-missed-and-why)): **S2** the last in time.',
    );
    expect(formatSummary(aReport(aScenario(1, 1, true)))).toContain('All 1 bars');
  });
});

test('a report that lacks scenarios or rounds is not published', () => {
  const few = { ...published, rounds: 3 };

  expect(() => checkWhole(published, ['S1', 'S99'])).toThrow('it lacks S99');
  expect(() => checkWhole(few, ['S1'])).toThrow('it has 3 rounds; run at least 9');
});

test('a measure that a report lacks is an error that names it', () => {
  const scenario = aScenario(1, 1, true);

  expect(() => figuresOf(scenario, { section: 'another' })).toThrow("S2 has no section 'another'");
  expect(() => figuresOf(scenario, { section: '100 calls of 150 ms', measure: 'colour' })).toThrow(
    "has no measure 'colour'",
  );
});

test('condensing keeps all but digits', () => {
  const condensed = condense({ ...published, tookSeconds: 797.123456789, seed: 20_260_101 });

  expect(condensed.tookSeconds).toBe(797.123);
  expect(condensed.seed).toBe(20_260_101);
  expect(condensed.scenarios).toEqual(published.scenarios);
});

test('only what is between the marks is replaced, and they must be there', () => {
  const once = putBetweenMarks(read(readmePath), 'figures');

  expect(putBetweenMarks(once, 'figures')).toBe(once);
  expect(once).toContain('## Options');
  expect(() => putBetweenMarks('no marks', 'figures')).toThrow('the text has no <!-- benchmarks');
});
