import type { Report, ScenarioReport } from '../harness/report.ts';
import type { Summary } from '../harness/statistics.ts';
import { formatNumber, formatTable } from '../harness/table.ts';
import { carpoolH1, carpoolH2, limit, nativeH1, nativeH2, tuned } from '../network/names.ts';
import { figuresOf, type Column } from './column.ts';

/** What is told of a measure: Carpool among its peers, and on HTTP/2. */
interface Line extends Column {
  readonly of: string;
  readonly what: string;
  /** @default Carpool over HTTP/1.1, as its peers are measured */
  readonly own?: string;
  /** Who is no peer. @default Carpool's other rows and native fetch */
  readonly others?: RegExp;
  /** What no peer can be expected to reach. @default the lesser of the limits that are measured */
  readonly limits?: readonly string[];
  /** Another of Carpool's, against another that isn't its peer. @default Carpool and native, HTTP/2 */
  readonly pair?: readonly [own: string, other: string];
}

const warm = '200 widgets of 10 ms: warm connections';
const reads = (which: string): string => `100 warm reads ${which}, of 2,000 × 1 kB`;
const store = {
  own: 'Carpool',
  // What a script does with IndexedDB itself, where it knows what will be read together.
  limits: ['one record that holds all hundred, objects', 'getAll over the range of keys, objects'],
} as const;
const thousand = '1,000 calls: main thread';

const lines: readonly Line[] = [
  {
    of: 'S1',
    what: '20 calls of 150 ms, 30 % alike: all, ms',
    section: '20 calls of 150 ms, 30 % duplicates',
    measure: 'last',
  },
  {
    of: 'S2',
    what: '100 calls of 150 ms: all, ms',
    section: '100 calls of 150 ms',
    measure: 'last',
  },
  {
    of: 'S3',
    what: '60 widgets, RTT 100 ms, one slow: the median, ms',
    section: '60 widgets of 20 ms, one of 1 s: warm connections',
    measure: 'median',
  },
  {
    of: 'S4',
    what: '200 widgets, 10 Mbit/s: the first, ms',
    section: warm,
    measure: 'first',
  },
  { of: 'S4', what: '… all, ms', section: warm, measure: 'last' },
  {
    of: 'S5',
    what: "20 calls over 100 ms, window 'auto': a call, ms",
    section: '20 calls over 100 ms',
    measure: 'a call, median',
    own: 'window auto, HTTP/1.1',
    others: /HTTP\/2$/,
    pair: ['window auto, HTTP/2', 'window microtask, HTTP/2'],
  },
  {
    of: 'S6',
    what: 'main thread, 1,000 calls on a stub: a call, µs',
    section: 'Against a stub in the page',
    measure: thousand,
    own: 'Carpool',
  },
  {
    of: 'S6',
    what: '… over connections: a call, µs',
    section: 'Over connections to this machine',
    measure: thousand,
  },
  {
    of: 'S7',
    what: '100 of 2,000 from disk, written together, ms',
    section: reads('of what was written together'),
    ...store,
  },
  { of: 'S7', what: '… picked at random, ms', section: reads('picked at random'), ...store },
  {
    of: 'S8',
    what: 'server, batches of 50: an item, µs',
    section: '10 connections, 50 items a batch',
    measure: 'between two items',
    own: 'carpool/server, streamed',
    others: /^carpool/,
    limits: ['a list by ids, node:http'],
  },
];

interface Named {
  readonly name: string;
  readonly figure: Summary;
}

/** The least median of some rows; undefined if none of them was measured. */
const leastOf = (figures: ReadonlyMap<string, Summary>, names: readonly string[]) =>
  names
    .flatMap((name): Named[] => {
      const figure = figures.get(name);
      return figure ? [{ name, figure }] : [];
    })
    .toSorted((a, b) => a.figure.median - b.figure.median)[0];

const format = (one: Named | undefined, rival: Named | undefined): string => {
  if (!one) return '';
  const text = formatNumber(one.figure.median);
  return rival && one.figure.median <= rival.figure.median ? `**${text}**` : text;
};

const defaultPair = [carpoolH2, nativeH2] as const;

interface Cells {
  readonly what: string;
  readonly own: string;
  readonly peer: string;
  readonly limit: string;
  readonly pairOwn: string;
  readonly pairOther: string;
}

function toCells(scenario: ScenarioReport, line: Line): Cells {
  const { own = carpoolH1, others = /^$/, limits = [limit, tuned], pair = defaultPair } = line;
  const figures = figuresOf(scenario, line);
  const apart = new Set<string>([own, ...limits, ...pair, nativeH1, nativeH2]);
  const isPeer = (name: string): boolean =>
    !apart.has(name) && !name.startsWith('Carpool') && !others.test(name);
  const ours = leastOf(figures, [own]);
  const peer = leastOf(figures, [...figures.keys()].filter(isPeer));
  const [pairOwn, pairOther] = pair.map((name) => leastOf(figures, [name]));
  const named = (one: Named | undefined, text: string, usual?: string): string =>
    one && one.name !== usual ? `${text} ${one.name}` : text;
  return {
    what: `${line.of}: ${line.what}`,
    own: format(ours, peer),
    peer: named(peer, format(peer, ours)),
    limit: format(leastOf(figures, limits), undefined),
    pairOwn: format(pairOwn, pairOther),
    pairOther: named(pairOther, format(pairOther, pairOwn), nativeH2),
  };
}

const why = 'docs/benchmarks.md#bars-that-are-missed-and-why';

/** The bars that are missed, by scenario, in a sentence or two. */
function formatMissed(scenarios: readonly ScenarioReport[]): string {
  const all = scenarios.flatMap(({ verdicts }) => verdicts);
  const missed = scenarios.flatMap(({ name, verdicts }) => {
    const bars = verdicts.filter(({ holds }) => !holds).map(({ bar }) => bar);
    return bars.length > 0 ? [`**${name}** ${bars.join('; ')}`] : [];
  });
  const count = all.filter(({ holds }) => !holds).length;
  if (count === 0) return `All ${all.length} bars that Carpool is held to are met.`;
  return `Of ${all.length} bars that Carpool is held to, ${count} are missed ([why](${why})): ${missed.join('. ')}.`;
}

/** A line for each scenario, what was missed, and what it was measured on: for the README. */
export function formatSummary({ scenarios, machine, rounds, startedAt }: Report): string {
  const rows = lines.flatMap((line) => {
    const scenario = scenarios.find(({ name }) => name === line.of);
    return scenario ? [toCells(scenario, line)] : [];
  });
  const table = formatTable<Cells>(
    [
      { title: `medians, N = ${rounds}`, align: 'left', cell: ({ what }) => what },
      { title: 'Carpool', cell: ({ own }) => own },
      { title: 'best peer', align: 'left', cell: ({ peer }) => peer },
      { title: 'limit', cell: (row) => row.limit },
      { title: 'Carpool, HTTP/2', cell: ({ pairOwn }) => pairOwn },
      { title: 'native, HTTP/2', align: 'left', cell: ({ pairOther }) => pairOther },
    ],
    rows,
  );
  const { cpu, cores, os, versions } = machine;
  const on = `${cpu}, ${cores} cores, ${os}; ${versions['browser']}, Node ${versions['node']}`;
  return `${table}\n\n${formatMissed(scenarios)} Measured on ${startedAt.slice(0, 10)}: ${on}.`;
}
