import { createWidget } from './widgets.ts';

const expected = new Map<number, string>();

/** A widget's JSON; kept, since it takes longer to make than to ask for. */
function textOf(id: number): string {
  const text = expected.get(id) ?? JSON.stringify(createWidget(id));
  expected.set(id, text);
  return text;
}

/** GraphQL's clients leave a type's name in what they answer. */
const withoutTypes = (answer: unknown): string =>
  JSON.stringify(answer, (key, value: unknown) => (key === '__typename' ? undefined : value));

const isWidget = (id: number, answer: unknown): boolean =>
  JSON.stringify(answer) === textOf(id) || withoutTypes(answer) === textOf(id);

/** @throws Error naming the first answer that isn't the widget that was asked for */
export function checkWidgets(
  who: string,
  ids: readonly number[],
  answers: readonly unknown[],
): void {
  for (const [index, id] of ids.entries()) {
    const answer = answers[index];
    if (isWidget(id, answer)) continue;
    throw new Error(`${who}: asked for widget ${id}, got ${withoutTypes(answer)?.slice(0, 80)}`);
  }
}
