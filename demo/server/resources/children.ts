import { z } from '@hono/zod-openapi';
import type { Database } from '../platform/database.ts';
import { allergens, categories, energies, skills } from './activities.ts';
import { seededUuid, uuid } from './ids.ts';
import { createStoredType, type StoredType } from './stored.ts';
import { isTheirs } from './types.ts';

const members = {
  first_name: z.string().trim().min(1).max(60),
  birth_date: z.iso.date(),
  group_id: uuid,
  interests: z.array(z.enum(categories)).max(categories.length),
  goals: z
    .array(z.enum(skills))
    .max(skills.length)
    .openapi({ description: 'Skills that the child is working on' }),
  energy: z.enum(energies),
  allergies: z.array(z.enum(allergens)).max(allergens.length),
  recent_activity_ids: z.array(uuid).max(20),
};

const example = {
  first_name: 'Mira',
  birth_date: '2022-04-17',
  group_id: seededUuid('group', 0),
  interests: ['art' as const, 'music' as const],
  goals: ['speech' as const],
  energy: 'lively' as const,
  allergies: ['nuts' as const],
  recent_activity_ids: [],
};

export const child = z
  .object({ id: z.uuid(), ...members })
  .openapi('Child', { example: { id: seededUuid('child', 0), ...example } });

export type Child = z.infer<typeof child>;

const input = z
  .strictObject({
    id: uuid.optional(),
    ...members,
    interests: members.interests.default([]),
    goals: members.goals.default([]),
    allergies: members.allergies.default([]),
    recent_activity_ids: members.recent_activity_ids.default([]),
  })
  .openapi({ example });

const change = z.strictObject(members).partial();

/** Children, each in a group of the same user. */
export const createChildren = (database: Database): StoredType<Child> =>
  createStoredType<Child>(database, {
    name: 'children',
    singular: 'child',
    id: uuid,
    schema: child,
    input,
    change,
    example: seededUuid('child', 0),
    references: [{ member: 'group_id', to: 'groups' }],
    mayRead: isTheirs,
  });
