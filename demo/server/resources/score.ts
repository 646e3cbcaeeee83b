import type { Activity } from './activities.ts';
import type { Child } from './children.ts';

/** What each criterion can give; together a hundred. */
const most = { age: 35, interests: 25, goals: 20, energy: 10, novelty: 10 } as const;

export type Criterion = keyof typeof most;

/** How well an activity suits a child, out of a hundred, and what that is made of. */
export interface Score {
  readonly total: number;
  readonly points: Readonly<Record<Criterion, number>>;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Whole months from a birth date to a day, both `YYYY-MM-DD`. */
export function monthsBetween(birth: string, day: string): number {
  const [year, month, date] = birth.split('-').map(Number) as [number, number, number];
  const [toYear, toMonth, toDate] = day.split('-').map(Number) as [number, number, number];
  return (toYear - year) * 12 + (toMonth - month) - (toDate < date ? 1 : 0);
}

const levels: Readonly<Record<Activity['energy'], number>> = { calm: 0, moderate: 1, lively: 2 };

/** Whether a child may take part at all: it is of the right age, and allergic to nothing there. */
export const maySuit = (activity: Activity, { allergies }: Child, ageMonths: number): boolean =>
  activity.age.min_months <= ageMonths &&
  ageMonths <= activity.age.max_months &&
  !activity.allergens.some((allergen) => allergies.includes(allergen));

/**
 * Scores an activity for a child that it may suit.
 *
 * - `age`: all in the middle of the activity's range, half at its ends.
 * - `interests`: all for a category that the child likes, half for a child that has no preferences.
 * - `goals`: the share of the child's goals that it serves; half for a child that has none.
 * - `energy`: all for the child's own, half for the level next to it.
 * - `novelty`: all unless the child did it recently.
 */
export function scoreOf(activity: Activity, child: Child, ageMonths: number): Score {
  const { min_months: min, max_months: max } = activity.age;
  const halfRange = (max - min) / 2;
  const offset = halfRange === 0 ? 0 : Math.abs(ageMonths - (min + max) / 2) / halfRange;
  const served = child.goals.filter((goal) => activity.skills.includes(goal)).length;
  const shares: Readonly<Record<Criterion, number>> = {
    age: 1 - offset / 2,
    interests:
      child.interests.length === 0 ? 0.5 : Number(child.interests.includes(activity.category)),
    goals: child.goals.length === 0 ? 0.5 : served / child.goals.length,
    energy: 1 - Math.abs(levels[activity.energy] - levels[child.energy]) / 2,
    novelty: Number(!child.recent_activity_ids.includes(activity.id)),
  };
  const points = Object.fromEntries(
    Object.entries(most).map(([criterion, limit]) => [
      criterion,
      round(limit * shares[criterion as Criterion]),
    ]),
  ) as Record<Criterion, number>;
  const total = Object.values(points).reduce((sum, value) => sum + value, 0);
  return { total: round(total), points };
}
