import { layOut } from '../compare/table.ts';
import { cpuSaved, hasRecovered, lostIn, speedup, type Measured, type Results } from './results.ts';

const wanted = 3;

const whole = (value: number): string => Math.round(value).toLocaleString('en');

const toTable = (title: string, measured: readonly Measured[]): string =>
  layOut([
    [title, 'items/s', 'server CPU/item', 'answers', 'p50', 'p99', 'lost'],
    ...measured.map(({ name, figures }) => [
      name,
      whole(figures.itemsPerSecond),
      figures.cpuPerItem === null ? '–' : `${whole(figures.cpuPerItem)} µs`,
      whole(figures.answers),
      `${whole(figures.p50)} ms`,
      `${whole(figures.p99)} ms`,
      whole(figures.lost),
    ]),
  ]);

/** The results as text, and what to make of them. */
export function formatReport(results: Results): string {
  const { ways, spike, connections, items } = results;
  const factors = ways.slice(1).map(({ name }) => {
    const factor = speedup(results, name);
    const verdict = factor >= wanted ? '' : ` (${wanted} are wanted)`;
    const saved = cpuSaved(results, name);
    const cost = saved > 0 ? `, at ${(100 / saved).toFixed(0)} % of the server’s CPU for each` : '';
    return `${name}: ${factor.toFixed(1)} times as many as singly${cost}${verdict}`;
  });
  const lost = lostIn(results);
  return [
    `${items} GETs a batch, ${connections} connections`,
    '',
    toTable('', ways),
    '',
    ...factors,
    '',
    toTable('a spike', spike),
    '',
    lost === 0 ? 'nothing was lost' : `${lost} answers were lost`,
    hasRecovered(results) ? 'p99 recovered after the spike' : 'p99 did not recover after the spike',
  ].join('\n');
}
