import { z } from '@hono/zod-openapi';
import type { Database } from '../platform/database.ts';
import { seededUuid, uuid } from './ids.ts';
import { createStoredType, type StoredType } from './stored.ts';
import { isAnybodys } from './types.ts';

export const categories = [
  'art',
  'music',
  'movement',
  'nature',
  'science',
  'language',
  'construction',
  'role_play',
  'cooking',
] as const;

export const skills = [
  'fine_motor',
  'gross_motor',
  'speech',
  'counting',
  'social',
  'creativity',
  'concentration',
  'balance',
] as const;

export const allergens = ['gluten', 'milk', 'nuts', 'eggs', 'pollen', 'latex'] as const;
export const energies = ['calm', 'moderate', 'lively'] as const;
export const weathers = ['sun', 'clouds', 'rain', 'snow'] as const;
export const settings = ['indoor', 'outdoor', 'both'] as const;

/** Months up to which children are looked after. */
export const maxAgeMonths = 96;

const months = z.int().min(0).max(maxAgeMonths);
const people = z.int().min(1).max(60);

const age = z
  .strictObject({ min_months: months, max_months: months })
  .refine(({ min_months, max_months }) => min_months <= max_months, {
    path: ['min_months'],
    message: 'must be at most max_months',
  });

const groupSize = z
  .strictObject({ min: people, max: people })
  .refine(({ min, max }) => min <= max, { path: ['min'], message: 'must be at most max' });

const members = {
  title: z.string().trim().min(1).max(120),
  description: z.string().trim().min(1).max(1000),
  category: z.enum(categories),
  skills: z.array(z.enum(skills)).min(1).max(skills.length),
  age,
  group_size: groupSize,
  duration_minutes: z.int().min(5).max(240),
  setting: z.enum(settings),
  weather: z.array(z.enum(weathers)).min(1).max(weathers.length),
  energy: z.enum(energies),
  allergens: z.array(z.enum(allergens)).max(allergens.length),
  materials: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(80),
        quantity: z.int().min(1).max(1000),
      }),
    )
    .max(20),
};

const example = {
  title: 'Shadow theatre with torches',
  description: 'Figures of cardboard come alive behind a sheet.',
  category: 'role_play' as const,
  skills: ['speech' as const, 'creativity' as const],
  age: { min_months: 36, max_months: 72 },
  group_size: { min: 2, max: 10 },
  duration_minutes: 40,
  setting: 'indoor' as const,
  weather: ['rain' as const, 'clouds' as const],
  energy: 'calm' as const,
  allergens: [],
  materials: [{ name: 'torch', quantity: 4 }],
};

export const activity = z
  .object({ id: z.uuid(), ...members })
  .openapi('Activity', { example: { id: seededUuid('activity', 0), ...example } });

export type Activity = z.infer<typeof activity>;

export const newActivity = z
  .strictObject({
    id: uuid.optional(),
    ...members,
    allergens: members.allergens.default([]),
    materials: members.materials.default([]),
  })
  .openapi({ example });

const change = z.strictObject(members).partial();

/** Activities: for all to read; who has added one may change it. */
export const createActivities = (database: Database): StoredType<Activity> =>
  createStoredType<Activity>(database, {
    name: 'activities',
    singular: 'activity',
    id: uuid,
    schema: activity,
    input: newActivity,
    change,
    example: seededUuid('activity', 0),
    references: [],
    mayRead: isAnybodys,
  });
