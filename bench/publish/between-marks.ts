const [begin, end] = [
  '<!-- benchmarks: written by npm run bench:publish -->',
  '<!-- /benchmarks -->',
];

/** The text with something else between the marks. @throws Error if they are not there */
export function putBetweenMarks(text: string, content: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the text has no ${begin} before an ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
