/** One bar; its whisker goes from `min` to `max`. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Whether it is one of ours, and so in the accent's colour. */
  readonly isOurs: boolean;
}

export interface Chart {
  /** Of its file, without the ending. */
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
}

const [width, labelWidth, valueWidth, rowHeight, barHeight, top] = [720, 190, 90, 24, 14, 44];

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const format = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });

// A medium grey and blue, and text that follows the reader's scheme: an image in a README is neither
// told the page's colours, nor does it inherit them, but it hears of the system's.
const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .bar { fill: #8c959f; }
  .ours { fill: #0969da; }
  .whisker { stroke: #1f2328; stroke-width: 1; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .bar { fill: #6e7681; }
    .ours { fill: #4493f8; }
    .whisker { stroke: #e6edf3; }
  }
`;

/** Draws the bars on one scale from zero, in the order given. */
export function chartToSvg({ title, unit, bars }: Chart): string {
  const height = top + bars.length * rowHeight + 8;
  const most = Math.max(...bars.map(({ max }) => max), Number.MIN_VALUE);
  const at = (value: number): number => (value / most) * (width - labelWidth - valueWidth);
  const rows = bars.map(({ label, value, min, max, isOurs }, index) => {
    const y = top + index * rowHeight;
    const middle = y + barHeight / 2;
    const [from, to] = [labelWidth + at(min), labelWidth + at(max)].map((x) => x.toFixed(1));
    return [
      `<text x="${labelWidth - 8}" y="${middle + 5}" text-anchor="end">${escape(label)}</text>`,
      `<rect class="bar${isOurs ? ' ours' : ''}" x="${labelWidth}" y="${y}" width="${at(value).toFixed(1)}" height="${barHeight}" rx="2"/>`,
      `<line class="whisker" x1="${from}" x2="${to}" y1="${middle}" y2="${middle}"/>`,
      `<text x="${(labelWidth + at(max) + 8).toFixed(1)}" y="${middle + 5}">${format(value)}</text>`,
    ].join('\n');
  });
  const heading = `${title}, ${unit}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(heading)}">
<style>${style}</style>
<text class="title" x="8" y="22">${escape(heading)}</text>
${rows.join('\n')}
</svg>
`;
}
