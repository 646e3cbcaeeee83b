import { describe, expect, test } from 'vitest';
import { chartToSvg, type Chart } from '../../bench/harness/chart.ts';

const aChart = (overrides: Partial<Chart> = {}): Chart => ({
  name: 'a-chart',
  title: 'Until the last',
  unit: 'ms',
  bars: [
    { label: 'Carpool', value: 50, min: 40, max: 60, isOurs: true },
    { label: 'peer', value: 100, min: 90, max: 200, isOurs: false },
  ],
  ...overrides,
});

const widths = (svg: string): number[] =>
  [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));

describe('chartToSvg', () => {
  test('bars are as long as their values', () => {
    const [ours = 0, peer = 0] = widths(chartToSvg(aChart()));

    expect(ours).toBeGreaterThan(0);
    expect(peer / ours).toBeCloseTo(2);
  });

  test('the longest whisker stays within the picture', () => {
    const svg = chartToSvg(aChart());

    const ends = [...svg.matchAll(/x2="([\d.]+)"/g)].map(([, x]) => Number(x));
    const width = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
    expect(Math.max(...ends)).toBeLessThan(width);
  });

  test('ours are told from the others', () => {
    expect(chartToSvg(aChart()).match(/class="bar ours"/g)).toHaveLength(1);
  });

  test('can be read in the light and in the dark', () => {
    expect(chartToSvg(aChart())).toContain('prefers-color-scheme: dark');
  });

  test('names are text, whatever is in them', () => {
    const svg = chartToSvg(aChart({ title: '<script> & "quotes"' }));

    expect(svg).toContain('&lt;script&gt; &amp; &quot;quotes&quot;, ms');
    expect(svg).not.toContain('<script>');
  });
});
