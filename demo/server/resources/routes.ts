import { z } from '@hono/zod-openapi';
import { createRouter, type Router } from '../http/router.ts';
import type { Services } from '../services.ts';
import { categories, createActivities, maxAgeMonths, settings } from './activities.ts';
import { createChargeType } from './charges.ts';
import { createChildren } from './children.ts';
import { createGetRoute } from './get.ts';
import { createGroups } from './groups.ts';
import { seededUuid, uuid } from './ids.ts';
import { createReadRoutes, type Filters } from './reads.ts';
import { createRecommendationRoute } from './recommendations.ts';
import { toMatch } from './search.ts';
import { createSessionType } from './sessions.ts';
import type { ReadableType } from './types.ts';
import { createWidgetType } from './widgets.ts';
import { createWriteRoutes } from './write.ts';

const activityFilters: Filters = {
  category: { schema: z.enum(categories).optional(), condition: 'category = ?' },
  setting: { schema: z.enum(settings).optional(), condition: 'setting = ?' },
  age_months: {
    schema: z.coerce
      .number<string>()
      .int()
      .min(0)
      .max(maxAgeMonths)
      .optional()
      .openapi({ type: 'integer', description: 'An age that can take part' }),
    condition: '? BETWEEN min_months AND max_months',
  },
  q: {
    schema: z.string().min(1).max(200).optional().openapi({ description: 'Words to look for' }),
    condition: 'number IN (SELECT rowid FROM activity_texts WHERE activity_texts MATCH ?)',
    toValue: (words) => toMatch(String(words)) || '""',
  },
};

const childFilters: Filters = {
  group_id: { schema: uuid.optional(), condition: 'group_id = ?' },
};

const examples = {
  create: {
    resource_type: 'children',
    items: [
      {
        request_id: 'first',
        data: {
          first_name: 'Mira',
          birth_date: '2022-04-17',
          group_id: seededUuid('group', 0),
          energy: 'lively',
        },
      },
    ],
  },
  update: {
    resource_type: 'children',
    items: [{ request_id: 'first', id: seededUuid('child', 1), data: { interests: ['music'] } }],
  },
  delete: {
    resource_type: 'children',
    items: [{ request_id: 'first', id: seededUuid('child', 2) }],
    all_or_nothing: true,
  },
};

export interface ResourceOptions {
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Types of other parts of the server that can be read by lists of ids, too. */
  readonly more?: readonly ReadableType[];
}

/** Activities, groups and children: lists, single ones and batches. */
export function createResourceRoutes(
  { database, bus }: Services,
  { now = Date.now, more = [] }: ResourceOptions = {},
): Router {
  const router = createRouter();
  const activities = createActivities(database);
  const groups = createGroups(database);
  const children = createChildren(database);
  const stored = [activities, groups, children];
  const others = [createWidgetType(), createSessionType(database), createChargeType(database)];
  const readable = [...stored, ...others, ...more];
  router.route('/', createReadRoutes(database, activities, activityFilters));
  router.route('/', createReadRoutes(database, groups, {}));
  router.route('/', createReadRoutes(database, children, childFilters));
  router.route('/', createGetRoute(readable, now));
  router.route('/', createRecommendationRoute(database, children, now));
  router.route('/', createWriteRoutes(stored, { database, bus, now, examples }));
  return router;
}
