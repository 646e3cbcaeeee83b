import type { z } from '@hono/zod-openapi';
import type { User } from '../http/context.ts';

/** A resource with the user who has it, or null where it is nobody's. */
export interface Found<T extends object = object> {
  readonly owner: string | null;
  readonly value: T;
}

/** A kind of resource that can be read by a list of ids. */
export interface ReadableType {
  /** As in `resource_type`. */
  readonly name: string;
  /** What one id is: an answer has it as it is given here. */
  readonly id: z.ZodType<string>;
  readonly schema: z.ZodObject;
  /** An id that there is, for the description of the routes. */
  readonly example: string;
  readonly mayRead: (user: User, owner: string | null) => boolean;
  /** Those that there are, at one statement for each hundred ids. */
  readonly find: (ids: readonly string[]) => ReadonlyMap<string, Found>;
}

/** What belongs to somebody is for them, and for administrators. */
export const isTheirs = (user: User, owner: string | null): boolean =>
  user.role === 'admin' || user.id === owner;

export const isAnybodys = (): boolean => true;
