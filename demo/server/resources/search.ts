import type { Database } from '../platform/database.ts';
import type { Activity } from './activities.ts';

/** Words that say nothing about an activity. */
const stopWords = new Set(
  'about and are can could children child does for from have how kids like need old our some that the their them they this today want what when where which who will with would year years you your'.split(
    ' ',
  ),
);

/** The words of a question, each quoted: in a match, AND, OR and the like would mean something. */
export const toMatch = (text: string): string =>
  (text.toLowerCase().match(/\p{L}{3,}/gu) ?? [])
    .filter((word) => !stopWords.has(word))
    .slice(0, 20)
    .map((word) => `"${word}"*`)
    .join(' OR ');

export interface SearchOptions {
  readonly limit: number;
  readonly ageMonths?: number | undefined;
}

export type ActivitySearch = (text: string, options: SearchOptions) => Activity[];

/** Finds the activities whose text has the most to do with the words given, the best first. */
export function createActivitySearch(database: Database): ActivitySearch {
  const find = database.prepare(
    `SELECT a.id, a.data FROM activity_texts t JOIN activities a ON a.number = t.rowid
     WHERE activity_texts MATCH ? AND coalesce(? BETWEEN a.min_months AND a.max_months, 1)
     ORDER BY bm25(activity_texts), a.number LIMIT ?`,
  );
  return (
    text,
    { limit, ageMonths = null }: { limit: number; ageMonths?: number | null | undefined },
  ) => {
    const match = toMatch(text);
    if (match === '') return [];
    return find
      .all(match, ageMonths, limit)
      .map(({ id, data }) => ({ id, ...JSON.parse(String(data)) }) as Activity);
  };
}
