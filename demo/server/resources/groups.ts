import { z } from '@hono/zod-openapi';
import type { Database } from '../platform/database.ts';
import { seededUuid, uuid } from './ids.ts';
import { createStoredType, type StoredType } from './stored.ts';
import { isTheirs } from './types.ts';

const members = {
  name: z.string().trim().min(1).max(80),
  room: z.string().trim().min(1).max(40),
  capacity: z.int().min(1).max(60),
};

const example = { name: 'Hedgehogs', room: 'Garden room', capacity: 24 };

export const group = z
  .object({ id: z.uuid(), ...members })
  .openapi('Group', { example: { id: seededUuid('group', 0), ...example } });

export type Group = z.infer<typeof group>;

const input = z.strictObject({ id: uuid.optional(), ...members }).openapi({ example });

const change = z.strictObject(members).partial();

/** Groups of children. */
export const createGroups = (database: Database): StoredType<Group> =>
  createStoredType<Group>(database, {
    name: 'groups',
    singular: 'group',
    id: uuid,
    schema: group,
    input,
    change,
    example: seededUuid('group', 0),
    references: [],
    mayRead: isTheirs,
  });
