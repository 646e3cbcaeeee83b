import { z } from '@hono/zod-openapi';

/** The members that are wanted, by name; null means all that is below. */
export interface Selection {
  readonly [name: string]: Selection | null;
}

/** More paths than a resource has members are a mistake. */
const maxPaths = 50;

/** The members of an object, or of the objects in a list; null for what has none. */
function membersOf(schema: unknown): Readonly<Record<string, unknown>> | null {
  if (schema instanceof z.ZodObject) return schema.shape;
  if (schema instanceof z.ZodArray) return membersOf(schema.element);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return membersOf(schema.unwrap());
  }
  return null;
}

/** What is wrong with a path such as `age.min_months`; undefined if nothing is. */
function explain(path: string, schema: z.ZodType): string | undefined {
  let members = membersOf(schema);
  let parent = '';
  for (const name of path.split('.')) {
    if (members === null) return `'${parent}' has no fields of its own, got '${path}'`;
    if (!Object.hasOwn(members, name)) {
      const known = Object.keys(members).join(', ');
      const where = parent === '' ? 'there are' : `'${parent}' has`;
      return `there is no field '${path}'; ${where} ${known}`;
    }
    parent = parent === '' ? name : `${parent}.${name}`;
    members = membersOf(members[name]);
  }
  return undefined;
}

/** A list of paths as a member of a body: 1 to 50, each of which leads somewhere in `schema`. */
export const fieldList = (schema: z.ZodType) =>
  z
    .array(z.string())
    .min(1)
    .max(maxPaths)
    .superRefine((paths, context) => {
      for (const [index, path] of paths.entries()) {
        const message = explain(path, schema);
        if (message !== undefined) context.addIssue({ code: 'custom', path: [index], message });
      }
    });

/** The same in a query: `?fields=id,age.min_months`. */
export const fieldQuery = (schema: z.ZodType) =>
  z
    .string()
    .transform((text) => text.split(',').map((path) => path.trim()))
    .pipe(fieldList(schema))
    .optional()
    .openapi({
      type: 'string',
      description: 'The members that are wanted, with commas between; dots lead into objects',
      example: Object.keys(membersOf(schema) ?? {})
        .slice(0, 2)
        .join(','),
    });

/** Paths as a tree. A path that is part of another wins: `age` is all of it, whatever `age.min` says. */
export function toSelection(paths: readonly string[]): Selection {
  const root: Record<string, Selection | null> = {};
  for (const path of paths) {
    const names = path.split('.');
    let at: Record<string, Selection | null> | null = root;
    for (const [index, name] of names.entries()) {
      if (at === null) break;
      const isLast: boolean = index === names.length - 1;
      const below: Selection | null | undefined = at[name];
      at[name] = isLast || below === null ? null : (below ?? {});
      at = at[name];
    }
  }
  return root;
}

function pick(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, selection));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(selection).flatMap(([name, below]) => {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined) return [];
    return [[name, below === null ? member : pick(member, below)]];
  });
  return Object.fromEntries(members);
}

/** What is selected of a value, in the order of the selection; all of it where nothing is. */
export const selectFields = <T extends object>(value: T, paths?: readonly string[]): Partial<T> =>
  paths === undefined ? value : (pick(value, toSelection(paths)) as Partial<T>);

/** Whether a path leads somewhere: a list does, whatever its items have, and null is a value. */
function has(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined || value === null || Array.isArray(value)) return true;
  const member = (value as Readonly<Record<string, unknown>>)[name];
  return member !== undefined && has(member, rest);
}

/** The paths that lead nowhere in this value, though they may in others of its kind. */
export const missingFields = (value: object, paths: readonly string[]): string[] =>
  paths.filter((path) => !has(value, path.split('.')));
