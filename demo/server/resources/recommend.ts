import { z } from '@hono/zod-openapi';
import type { Database } from '../platform/database.ts';
import { categories, energies, maxAgeMonths, weathers, type Activity } from './activities.ts';
import type { Child } from './children.ts';
import { maySuit, monthsBetween, scoreOf, type Score } from './score.ts';

const months = z.int().min(0).max(maxAgeMonths);

/** What activities must be like. */
export const activityFilters = z
  .strictObject({
    age: z
      .strictObject({ min_months: months.optional(), max_months: months.optional() })
      .openapi({ description: 'Ages that all must be able to take part' }),
    weather: z.enum(weathers),
    group_size: z.int().min(1).max(60),
    setting: z.enum(['indoor', 'outdoor']),
    categories: z.array(z.enum(categories)).min(1).max(categories.length),
    energy: z.enum(energies),
    max_duration_minutes: z.int().min(5).max(240),
  })
  .partial()
  .openapi('ActivityFilters');

export type ActivityFilters = z.infer<typeof activityFilters>;

/** Whether an activity is what was asked for, whoever takes part. */
export function passes(activity: Activity, filters: ActivityFilters): boolean {
  const { age = {}, weather, group_size: size, setting, energy } = filters;
  const { min_months: youngest = activity.age.min_months } = age;
  const { max_months: oldest = activity.age.max_months } = age;
  return (
    activity.age.min_months <= youngest &&
    activity.age.max_months >= oldest &&
    (weather === undefined || activity.weather.includes(weather)) &&
    (size === undefined || (activity.group_size.min <= size && size <= activity.group_size.max)) &&
    (setting === undefined || activity.setting === setting || activity.setting === 'both') &&
    (energy === undefined || activity.energy === energy) &&
    (filters.categories?.includes(activity.category) ?? true) &&
    activity.duration_minutes <= (filters.max_duration_minutes ?? Infinity)
  );
}

/** An activity with what speaks for it. */
export interface Recommendation {
  readonly activity: Activity;
  readonly score: Score;
}

/** What the recommendations are for. */
export interface Occasion {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly filters: ActivityFilters;
  readonly limit: number;
}

/** The better one first; of two as good, always the same one. */
const compare = (one: Recommendation, other: Recommendation) =>
  other.score.total - one.score.total || (one.activity.id < other.activity.id ? -1 : 1);

/** The best activities for each of some children, all of them from one statement. */
export function createRecommender(database: Database) {
  const candidates = database.prepare(
    'SELECT id, data FROM activities WHERE min_months <= ? AND max_months >= ?',
  );
  return (children: readonly Child[], { day, filters, limit }: Occasion) => {
    const ages = children.map(({ birth_date }) => monthsBetween(birth_date, day));
    const suitable = candidates
      .all(Math.max(...ages, 0), Math.min(...ages, maxAgeMonths))
      .map(({ id, data }) => ({ id, ...JSON.parse(String(data)) }) as Activity)
      .filter((activity) => passes(activity, filters));
    return children.map((child, index) => {
      const age = ages[index]!;
      const recommendations = suitable
        .filter((activity) => maySuit(activity, child, age))
        .map((activity) => ({ activity, score: scoreOf(activity, child, age) }))
        .sort(compare)
        .slice(0, limit);
      return { ageMonths: age, recommendations };
    });
  };
}
