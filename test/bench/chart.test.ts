import { describe, expect, test } from 'vitest';
import { chartToSvg, type Bar, type Chart } from '../../bench/harness/chart.ts';

const aBar = (overrides: Partial<Bar> = {}): Bar => ({
  label: 'peer',
  kind: 'peer',
  median: 100,
  min: 90,
  max: 110,
  n: 9,
  ...overrides,
});

const ours = aBar({ label: 'Carpool', kind: 'ours', median: 50, min: 40, max: 60 });

const draw = (bars: readonly Bar[], overrides: Partial<Chart> = {}): string =>
  chartToSvg({ name: 'a', title: 'Until the last', unit: 'ms', groups: [{ bars }], ...overrides });

const widths = (svg: string): number[] =>
  [...svg.matchAll(/<rect class="bar[^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));

const pictureWidth = (svg: string): number => Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);

describe('chartToSvg', () => {
  test('bars are as long as their values', () => {
    const [own = 0, peer = 0] = widths(draw([ours, aBar()]));

    expect(own).toBeGreaterThan(0);
    expect(peer / own).toBeCloseTo(2);
  });

  test('all groups are on one scale', () => {
    const groups = [
      { title: 'one', bars: [ours] },
      { title: 'other', bars: [aBar()] },
    ];

    const [own = 0, peer = 0] = widths(draw([], { groups }));

    expect(peer / own).toBeCloseTo(2);
  });

  test('the longest whisker stays within the picture', () => {
    const svg = draw([ours, aBar({ max: 200 })]);

    const ends = [...svg.matchAll(/x2="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(Math.max(...ends)).toBeLessThan(pictureWidth(svg));
  });

  test('a bar far longer than all others is cut, marked, and says its value', () => {
    const others = Array.from({ length: 5 }, () => aBar());

    const svg = draw([ours, ...others, aBar({ median: 2500, min: 2400, max: 2600 })]);

    const [own = 0, peer = 0] = widths(svg);
    expect(peer / own).toBeCloseTo(2);
    expect(svg.match(/class="cut"/g)).toHaveLength(1);
    expect(svg).toContain('2,500');
    expect(svg).toContain('cut bars are longer than drawn');
  });

  test('what most bars are like is no outlier', () => {
    const svg = draw([ours, aBar({ median: 1000 }), aBar({ median: 1100, max: 1200 })]);

    expect(svg).not.toContain('class="cut"');
    expect(svg).not.toContain('cut bars');
  });

  test('it says N, and of what has been measured less often, how often', () => {
    const svg = draw([ours, aBar({ n: 1 })]);

    expect(svg).toContain('Medians, N = 9');
    expect(svg.match(/\(N = 1\)/g)).toHaveLength(1);
  });

  test('ours are told from the others, and limits from both', () => {
    const svg = draw([ours, aBar(), aBar({ kind: 'limit' })]);

    expect(svg.match(/class="bar ours"/g)).toHaveLength(1);
    expect(svg.match(/class="bar limit"/g)).toHaveLength(1);
  });

  test('can be read in the light and in the dark, on its own ground', () => {
    expect(draw([ours])).toContain('prefers-color-scheme: dark');
    expect(draw([ours])).toContain('class="ground"');
  });

  test('names are text, whatever is in them', () => {
    const svg = draw([ours], { title: '<script> & "quotes"' });

    expect(svg).toContain('&lt;script&gt; &amp; &quot;quotes&quot;');
    expect(svg).not.toContain('<script>');
  });
});
