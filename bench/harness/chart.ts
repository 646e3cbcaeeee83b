import { formatNumber } from './table.ts';

/** Ours have the accent's colour; a limit is no contender, and drawn as an outline. */
export type BarKind = 'ours' | 'peer' | 'limit';

/** One bar; its whisker goes from `min` to `max`. */
export interface Bar {
  readonly label: string;
  readonly kind: BarKind;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Rounds. */
  readonly n: number;
}

export interface BarGroup {
  readonly title?: string;
  readonly bars: readonly Bar[];
}

export interface Chart {
  /** Of its file, without the ending. */
  readonly name: string;
  readonly title: string;
  /** Such as `ms, shorter is better`. */
  readonly unit: string;
  /** All on one scale. */
  readonly groups: readonly BarGroup[];
}

const [width, valueWidth, rowHeight, barHeight, margin] = [760, 115, 22, 13, 14];
const [headHeight, groupHeight] = [58, 30];
/** No more than that, on average; bold ones are wider. */
const [shortestLabel, characterWidth, boldWidth] = [190, 7.1, 8];

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

// It brings its own ground: a picture in a README is neither told the page's colours, nor does it inherit
// them, but hears of the system's, which the page needn't follow.
const style = `
  .ground { fill: #ffffff; stroke: #d1d9e0; }
  text { font: 13px system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; fill: #1f2328; }
  .title, .group { font-weight: 600; }
  .title { font-size: 15px; }
  .note { font-size: 12px; fill: #59636e; }
  .bar { fill: #afb8c1; }
  .ours { fill: #0969da; }
  .limit { fill: none; stroke: #818b98; stroke-dasharray: 3 2; }
  text.own { font-weight: 600; }
  .whisker { stroke: #1f2328; }
  .cut { stroke: #ffffff; stroke-width: 3; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; stroke: #3d444d; }
    text { fill: #f0f6fc; }
    .note { fill: #9198a1; }
    .bar { fill: #656c76; }
    .ours { fill: #4493f8; }
    .limit { fill: none; stroke: #9198a1; }
    .whisker { stroke: #f0f6fc; }
    .cut { stroke: #0d1117; }
  }
`;

/** So many times as long as the next one is an outlier, if at most so large a share of the bars is. */
const [gap, fewShare] = [2.5, 0.2];

/** Up to where bars are drawn in full: what is far longer than all others would leave nothing of them. */
function endOfScale(bars: readonly Bar[]): number {
  const sorted = bars.toSorted((a, b) => a.median - b.median);
  const fewest = Math.ceil(sorted.length * (1 - fewShare));
  const first = sorted.findIndex(
    ({ median }, index) => index >= fewest && median > gap * (sorted[index - 1]?.median ?? median),
  );
  const drawn = first === -1 ? sorted : sorted.slice(0, first);
  return Math.max(...drawn.map(({ max }) => max), Number.MIN_VALUE);
}

/** Draws the bars from zero, in the order given. */
export function chartToSvg({ title, unit, groups }: Chart): string {
  const all = groups.flatMap(({ bars }) => bars);
  const end = endOfScale(all);
  const labelWidths = all.map(
    ({ label, kind }) => label.length * (kind === 'ours' ? boldWidth : characterWidth),
  );
  const labelWidth = Math.ceil(Math.max(shortestLabel, ...labelWidths)) + margin;
  const barsWidth = width - labelWidth - valueWidth;
  const at = (value: number): number => labelWidth + (Math.min(value, end) / end) * barsWidth;
  const most = Math.max(...all.map(({ n }) => n));
  let y = headHeight;

  const drawBar = ({ label, kind, median, min, max, n }: Bar): string => {
    const middle = y + barHeight / 2;
    const isCut = median > end;
    const [from, to] = [at(min), at(max)].map((x) => x.toFixed(1));
    const right = at(isCut ? end : max);
    const own = kind === 'ours' ? ' class="own"' : '';
    const kindClass = kind === 'peer' ? '' : ` ${kind}`;
    const text = formatNumber(median) + (n < most ? ` (N = ${n})` : '');
    const drawn = [
      `<text${own} x="${labelWidth - 8}" y="${middle + 4.5}" text-anchor="end">${escape(label)}</text>`,
      `<rect class="bar${kindClass}" x="${labelWidth}" y="${y}" width="${(at(median) - labelWidth).toFixed(1)}" height="${barHeight}" rx="2"/>`,
      isCut
        ? `<path class="cut" d="M${right - 24} ${y + barHeight + 3}l6 -${barHeight + 6}m4 0l-6 ${barHeight + 6}"/>`
        : `<line class="whisker" x1="${from}" x2="${to}" y1="${middle}" y2="${middle}"/>`,
      `<text${own} x="${(right + 8).toFixed(1)}" y="${middle + 4.5}">${text}</text>`,
    ];
    y += rowHeight;
    return drawn.join('\n');
  };
  const drawGroup = ({ title: of, bars }: BarGroup): string => {
    if (of === undefined) return bars.map(drawBar).join('\n');
    const heading = `<text class="group" x="${margin}" y="${y + 14}">${escape(of)}</text>`;
    y += groupHeight;
    return [heading, ...bars.map(drawBar)].join('\n');
  };

  const drawn = groups.map(drawGroup).join('\n');
  const cutNote = all.some(({ median }) => median > end) ? '; cut bars are longer than drawn' : '';
  const note = `${unit}. Medians, N = ${most}; lines from the least to the most${cutNote}`;
  const height = y + margin - (rowHeight - barHeight) + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(`${title}, ${unit}`)}">
<style>${style}</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
<text class="title" x="${margin}" y="24">${escape(title)}</text>
<text class="note" x="${margin}" y="43">${escape(note)}</text>
${drawn}
</svg>
`;
}
