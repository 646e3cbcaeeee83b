import { createRoute, z } from '@hono/zod-openapi';
import { fieldList, selectFields } from '../http/fields.ts';
import { body, createRouter, json, problems, type Router } from '../http/router.ts';
import type { Database } from '../platform/database.ts';
import { activity } from './activities.ts';
import type { Child } from './children.ts';
import { uuid } from './ids.ts';
import { activityFilters, createRecommender } from './recommend.ts';
import { batchResults, failed, partly, succeeded, toResults } from './results.ts';
import type { StoredType } from './stored.ts';

export const maxChildren = 50;
export const maxRecommendations = 20;

const points = z.object({
  age: z.number(),
  interests: z.number(),
  goals: z.number(),
  energy: z.number(),
  novelty: z.number(),
});

const recommendations = z
  .object({
    child_id: z.string(),
    age_months: z.int(),
    recommendations: z.array(z.object({ activity: activity.partial(), score: z.number(), points })),
  })
  .openapi('Recommendations');

const toRequest = (example: string) =>
  z
    .strictObject({
      child_ids: z.array(uuid).min(1).max(maxChildren),
      max_recommendations: z.int().min(1).max(maxRecommendations).default(5),
      date: z.iso.date().optional().openapi({ description: 'The day it is for; default: today' }),
      filters: activityFilters.default({}),
      fields: fieldList(activity).optional().openapi({ description: 'Of each activity' }),
    })
    .openapi('RecommendationRequest', {
      example: {
        child_ids: [example],
        max_recommendations: 3,
        date: '2026-03-02',
        filters: { weather: 'rain', setting: 'indoor', group_size: 8 },
        fields: ['id', 'title', 'duration_minutes'],
      },
    });

/** `POST /api/v1/batch/activities/recommendations`: what to do with whom. */
export function createRecommendationRoute(
  database: Database,
  children: StoredType<Child>,
  now: () => number,
): Router {
  const router = createRouter();
  const recommend = createRecommender(database);
  const route = createRoute({
    method: 'post',
    path: '/api/v1/batch/activities/recommendations',
    tags: ['resources'],
    summary: 'The activities that suit children best',
    description:
      'Always 200 with a result for each child, in their order: `error` with 403 or 404 as its status code; `partial` where fewer activities suit the child than were asked for. A score is out of a hundred, and the sum of its points.',
    request: { body: body(toRequest(children.example)) },
    responses: {
      200: json(batchResults('RecommendationResults', recommendations), 'The results'),
      ...problems(400, 401, 415, 422),
    },
  });

  router.openapi(route, async (c) => {
    const {
      child_ids: ids,
      max_recommendations: limit,
      date,
      filters,
      fields,
    } = c.req.valid('json');
    await c.get('countItems')(ids.length);
    const user = c.get('user');
    const day = date ?? new Date(now()).toISOString().slice(0, 10);
    const found = children.find(ids);
    const theirs = [...found.values()].filter(({ owner }) => children.mayRead(user, owner));
    const best = recommend(
      theirs.map(({ value }) => value),
      { day, filters, limit },
    );
    const byId = new Map(theirs.map(({ value }, index) => [value.id, best[index]!]));
    const results = ids.map((id) => {
      const own = byId.get(id);
      if (!own) {
        return found.has(id)
          ? failed({ id }, 403, 'Not yours', `The child '${id}' belongs to another user.`)
          : failed({ id }, 404, 'Not found', `There is no child '${id}'.`);
      }
      const data = {
        child_id: id,
        age_months: own.ageMonths,
        recommendations: own.recommendations.map(({ activity: suitable, score }) => ({
          activity: selectFields(suitable, fields),
          score: score.total,
          points: score.points,
        })),
      };
      const count = own.recommendations.length;
      return count < limit
        ? partly({ id }, data, `Only ${count} of ${limit} activities suit this child.`)
        : succeeded({ id }, data);
    });
    return c.json(toResults(results, now()), 200, { 'cache-control': 'no-store' });
  });

  return router;
}
