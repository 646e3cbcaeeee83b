import { createRoute, z } from '@hono/zod-openapi';
import { fieldList, selectFields } from '../http/fields.ts';
import { body, createRouter, json, problems, type Router } from '../http/router.ts';
import type { Bus } from '../platform/bus.ts';
import { inTransaction, type Database } from '../platform/database.ts';
import { oneOfTypes } from './one-of-types.ts';
import { planCreates, planDeletes, planUpdates } from './plan.ts';
import { batchResults, failed, toResults, type Result } from './results.ts';
import type { StoredType } from './stored.ts';
import { tagsOf } from './tags.ts';
import { isAnybodys } from './types.ts';
import { isStep, type Planned, type Step, type WriteItem, type Writing } from './writing.ts';

export const maxItems = 100;

const requestId = z.string().min(1).max(100).openapi({ example: 'first' });

/** Anything: what is wrong with it is the item's own failure. The description says what is expected. */
const dataOf = (component: string) =>
  z
    .record(z.string(), z.unknown())
    .openapi({ allOf: [{ $ref: `#/components/schemas/${component}` }] });

/** The items, whose `request_id`s tell them apart. */
const listOf = <Item extends z.ZodType<{ readonly request_id: string }>>(item: Item) =>
  z
    .array(item)
    .min(1)
    .max(maxItems)
    .superRefine((items, context) => {
      const seen = new Set<string>();
      for (const [index, { request_id: id }] of items.entries()) {
        if (seen.has(id)) {
          const message = `must differ from those of other items, got '${id}' again`;
          context.addIssue({ code: 'custom', path: [index, 'request_id'], message });
        }
        seen.add(id);
      }
    });

const toRequest = <Item extends z.ZodType<{ readonly request_id: string }>>(
  type: StoredType,
  item: Item,
) =>
  z.strictObject({
    resource_type: z.literal(type.name),
    items: listOf(item),
    all_or_nothing: z
      .boolean()
      .default(false)
      .openapi({ description: 'Where one item fails, nothing is changed' }),
    fields: fieldList(type.schema).optional(),
  });

const capital = ({ singular }: StoredType) => singular[0]!.toUpperCase() + singular.slice(1);

/** The three ways to write: what an item is, and how it is planned. */
const ways = {
  create: {
    plan: planCreates,
    summary: 'Creates resources of one type',
    item: (type: StoredType) =>
      z.strictObject({ request_id: requestId, data: dataOf(`New${capital(type)}`) }),
  },
  update: {
    plan: planUpdates,
    summary: 'Changes members of resources of one type',
    item: (type: StoredType) =>
      z.strictObject({
        request_id: requestId,
        id: type.id,
        data: dataOf(`${capital(type)}Change`),
      }),
  },
  delete: {
    plan: planDeletes,
    summary: 'Deletes resources of one type',
    item: (type: StoredType) => z.strictObject({ request_id: requestId, id: type.id }),
  },
} as const;

type Way = keyof typeof ways;

/** Carries out what can be done; with `isWhole`, only if all of it can. */
function carryOut(items: readonly WriteItem[], planned: readonly Planned[], isWhole: boolean) {
  const failure = planned.findIndex((one) => !isStep(one));
  if (isWhole && failure !== -1) {
    const detail = `Nothing was changed, because the item '${items[failure]!.request_id}' failed.`;
    const results = planned.map((one, index): Result => {
      if (!isStep(one)) return one;
      const named = { id: one.result.id, request_id: items[index]!.request_id };
      return failed(named, 424, 'Not carried out', detail);
    });
    return { results, done: [] };
  }
  const done = planned.filter(isStep);
  for (const { apply } of done) apply();
  return { results: planned.map((one) => (isStep(one) ? one.result : one)), done };
}

/** Tells what is no longer what it was: everybody, or the user to whom it belongs. */
function announce(bus: Bus, type: StoredType, done: readonly Step[]): void {
  const isPublic = type.mayRead === isAnybodys;
  const byOwner = Map.groupBy(done, ({ owner }) => (isPublic ? undefined : owner));
  for (const [user, steps] of byOwner) {
    bus.announce({ tags: tagsOf(type).afterWrites(steps.map(({ id }) => id)), user });
  }
}

export interface WriteOptions {
  readonly database: Database;
  readonly bus: Bus;
  readonly now: () => number;
  /** What each route is shown with, as a body that works. */
  readonly examples: Readonly<Record<Way, object>>;
}

/** `POST /api/v1/batch/create`, `/update` and `/delete`. */
export function createWriteRoutes(
  types: readonly StoredType[],
  { database, bus, now, examples }: WriteOptions,
): Router {
  const router = createRouter();
  const byName = new Map(types.map((type) => [type.name, type]));
  for (const type of types) {
    router.openAPIRegistry.register(`New${capital(type)}`, type.input);
    router.openAPIRegistry.register(`${capital(type)}Change`, type.change);
  }

  for (const [way, { plan, summary, item }] of Object.entries(ways)) {
    const request = oneOfTypes(
      `Resource${way[0]!.toUpperCase()}${way.slice(1)}s`,
      types.map((type) => toRequest(type, item(type))),
    ).openapi({ example: examples[way as Way] });
    const route = createRoute({
      method: 'post',
      path: `/api/v1/batch/${way}`,
      tags: ['resources'],
      summary,
      description:
        'Always 200 with a result for each item, in their order. All is done in one transaction; items that fail are left out, or with `all_or_nothing` none is carried out and the others are 424.',
      request: { body: body(request) },
      responses: {
        200: json(batchResults('WriteResults', z.looseObject({})), 'The results'),
        ...problems(400, 401, 415, 422),
      },
    });

    router.openapi(route, async (c) => {
      const { resource_type: name, items, all_or_nothing: isWhole, fields } = c.req.valid('json');
      await c.get('countItems')(items.length);
      const type = byName.get(name)!;
      const writing: Writing = { user: c.get('user'), type, types: byName };
      const { results, done } = inTransaction(database, () =>
        carryOut(items, plan(writing, items), isWhole),
      );
      announce(bus, type, done);
      const selected = results.map((result) =>
        result.data ? { ...result, data: selectFields(result.data, fields) } : result,
      );
      return c.json(toResults(selected, now()), 200, { 'cache-control': 'no-store' });
    });
  }

  return router;
}
