import type { Database } from '../platform/database.ts';
import type { Activity } from '../resources/activities.ts';
import { createActivitySearch } from '../resources/search.ts';
import type { Source } from './schemas.ts';

/** What is answered, and what it is based on. */
export interface Answer {
  readonly text: string;
  readonly sources: readonly Source[];
}

/** Answers a question; the same one in the same way, for as long as the activities are the same. */
export type Assistant = (question: string) => Answer;

const mostSources = 3;

const inYears = (months: number): string => {
  const years = Math.round((months / 12) * 10) / 10;
  return years === 1 ? '1 year' : `${years} years`;
};

const places: Readonly<Record<Activity['setting'], string>> = {
  indoor: 'indoors',
  outdoor: 'outdoors',
  both: 'indoors or outdoors',
};

const describe = ({ title, setting, duration_minutes, age, description }: Activity): string =>
  `“${title}” (${places[setting]}, ${duration_minutes} minutes, from ${inYears(age.min_months)} to ${inYears(age.max_months)}): ${description}`;

const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];

/** The age that a question is about, in months: `4-year-olds`, `four years`. */
function ageOf(question: string): number | undefined {
  const [, text = ''] =
    /(\d{1,2}|one|two|three|four|five|six|seven)[-\s]+years?/i.exec(question) ?? [];
  if (text === '') return undefined;
  const years = /^\d/.test(text) ? Number(text) : numbers.indexOf(text.toLowerCase()) + 1;
  return years * 12;
}

/** Looks for activities that fit the question, and says what it has found. */
export function createAssistant(database: Database): Assistant {
  const search = createActivitySearch(database);
  return (question) => {
    const ageMonths = ageOf(question);
    const found = search(question, { limit: mostSources, ageMonths });
    if (found.length === 0) {
      const text =
        'I found no activity for that. Tell me what the children like, how old they are, or whether it rains.';
      return { text, sources: [] };
    }
    const head = found.length === 1 ? 'One activity fits.' : `${found.length} activities fit.`;
    return {
      text: [head, ...found.map(describe)].join(' '),
      sources: found.map(({ id, title }) => ({ type: 'activities', id, title })),
    };
  };
}
