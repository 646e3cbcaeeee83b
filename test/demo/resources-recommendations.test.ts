import { describe, expect, it } from 'vitest';
import type { Activity } from '../../demo/server/resources/activities.ts';
import { aChild, aNursery, countStatements, ids } from '../support/a-nursery.ts';

const way = 'activities/recommendations';
const date = '2026-03-02';

interface Advice {
  readonly child_id: string;
  readonly age_months: number;
  readonly recommendations: readonly {
    readonly activity: Activity;
    readonly score: number;
    readonly points: Readonly<Record<string, number>>;
  }[];
}

type Nursery = ReturnType<typeof aNursery>;

/** A child with what is given, who is four on {@link date}. */
async function add({ results }: Nursery, more: object): Promise<string> {
  const data = aChild({ birth_date: '2022-03-02', ...more });
  const answer = await results('create', {
    resource_type: 'children',
    items: [{ request_id: 'a', data }],
  });
  return answer.results[0]!.id!;
}

async function advise({ results }: Nursery, child: string, more: object = {}): Promise<Advice> {
  const answer = await results(way, {
    child_ids: [child],
    max_recommendations: 20,
    date,
    ...more,
  });
  return answer.results[0]!.data as unknown as Advice;
}

describe('POST /api/v1/batch/activities/recommendations', () => {
  it('has a result for each child, in their order, with totals', async () => {
    const { results } = aNursery();
    const children = [ids.child(4), ids.ofNone, ids.annsChild, ids.child(2)];

    const answer = await results(way, { child_ids: children, date });

    expect(answer.results.map(({ id }) => id)).toEqual(children);
    expect(answer.results.map(({ status_code: code }) => code)).toEqual([200, 404, 403, 200]);
    expect(answer).toMatchObject({ total_requested: 4, total_succeeded: 2, total_failed: 2 });
    const { child_id: id, recommendations } = answer.results[3]!.data as unknown as Advice;
    expect(id).toBe(ids.child(2));
    // The default.
    expect(recommendations).toHaveLength(5);
  });

  it('administrators are advised for all children', async () => {
    const { results } = aNursery();

    const answer = await results(
      way,
      { child_ids: [ids.child(), ids.annsChild], date },
      { as: 'admin' },
    );

    expect(answer.total_succeeded).toBe(2);
  });

  it('the best come first; of two as good, always the same one', async () => {
    const [one, other] = [aNursery(), aNursery()];

    const first = await advise(one, ids.child());

    const rank = first.recommendations.map(({ score, activity }) => [-score, activity.id] as const);
    const sorted = rank.toSorted(([a, x], [b, y]) => a - b || (x < y ? -1 : 1));
    expect(rank).toEqual(sorted);
    expect(await advise(other, ids.child())).toEqual(first);
  });

  it('a score is out of a hundred, and the sum of its points', async () => {
    const { recommendations } = await advise(aNursery(), ids.child());

    for (const { score, points } of recommendations) {
      const sum = Object.values(points).reduce((total, value) => total + value, 0);
      expect(score).toBeCloseTo(sum, 5);
      expect(score).toBeLessThanOrEqual(100);
    }
  });

  it('suits the child’s age, and nothing that it is allergic to', async () => {
    const nursery = aNursery();
    const child = await add(nursery, { interests: ['cooking'], allergies: ['gluten', 'nuts'] });

    const { age_months: age, recommendations } = await advise(nursery, child);

    expect(age).toBe(48);
    expect(recommendations[0]!.activity.category).toBe('cooking');
    for (const { activity } of recommendations) {
      expect(activity.age.min_months).toBeLessThanOrEqual(48);
      expect(activity.age.max_months).toBeGreaterThanOrEqual(48);
      expect(activity.allergens).not.toContain('gluten');
      expect(activity.allergens).not.toContain('nuts');
    }
  });

  it('goes by interests, goals and energy', async () => {
    const nursery = aNursery();
    const child = await add(nursery, {
      interests: ['music'],
      goals: ['gross_motor', 'balance'],
      energy: 'lively',
    });

    const { recommendations } = await advise(nursery, child, { max_recommendations: 1 });

    const [{ activity, points }] = recommendations as [Advice['recommendations'][number]];
    expect(activity).toMatchObject({
      category: 'music',
      skills: ['gross_motor', 'balance'],
      energy: 'lively',
    });
    expect(points).toMatchObject({ interests: 25, goals: 20, energy: 10, novelty: 10 });
  });

  it('what was done recently comes later', async () => {
    const nursery = aNursery();
    const child = await add(nursery, {});
    const [best] = (await advise(nursery, child)).recommendations;

    await nursery.results('update', {
      resource_type: 'children',
      items: [{ request_id: 'a', id: child, data: { recent_activity_ids: [best!.activity.id] } }],
    });

    const { recommendations } = await advise(nursery, child);
    expect(recommendations[0]!.activity.id).not.toBe(best!.activity.id);
  });

  it.each<[string, object, (activity: Activity) => boolean]>([
    ['weather', { weather: 'snow' }, ({ weather }) => weather.includes('snow')],
    ['indoors', { setting: 'indoor' }, ({ setting }) => setting !== 'outdoor'],
    ['outdoors', { setting: 'outdoor' }, ({ setting }) => setting !== 'indoor'],
    [
      'a group’s size',
      { group_size: 18 },
      ({ group_size: { min, max } }) => min <= 18 && max >= 18,
    ],
    [
      'a range of ages',
      { age: { min_months: 40, max_months: 70 } },
      ({ age }) => age.min_months <= 40 && age.max_months >= 70,
    ],
    ['an age to start from', { age: { min_months: 37 } }, ({ age }) => age.min_months <= 37],
    ['an age to end with', { age: { max_months: 80 } }, ({ age }) => age.max_months >= 80],
    [
      'categories',
      { categories: ['art', 'science'] },
      ({ category }) => category === 'art' || category === 'science',
    ],
    ['energy', { energy: 'lively' }, ({ energy }) => energy === 'lively'],
    [
      'a duration',
      { max_duration_minutes: 20 },
      ({ duration_minutes: duration }) => duration <= 20,
    ],
  ])('filters by %s', async (_, filters, isRight) => {
    const nursery = aNursery();
    const child = await add(nursery, {});

    const { recommendations } = await advise(nursery, child, { filters });

    expect(recommendations.length).toBeGreaterThan(0);
    expect(recommendations.filter(({ activity }) => !isRight(activity))).toEqual([]);
  });

  it('fewer than were asked for are partial, and say how many', async () => {
    const nursery = aNursery();
    const child = await add(nursery, { birth_date: '2026-03-01' });

    const answer = await nursery.results(way, { child_ids: [child], date });

    expect(answer.results).toMatchObject([
      {
        status: 'partial',
        status_code: 200,
        data: { age_months: 0, recommendations: [] },
        error: { detail: 'Only 0 of 5 activities suit this child.' },
      },
    ]);
    expect(answer).toMatchObject({ total_succeeded: 1, total_failed: 0 });
  });

  it('has only the fields of activities that are asked for', async () => {
    const { recommendations } = await advise(aNursery(), ids.child(), {
      max_recommendations: 1,
      fields: ['title', 'age.max_months'],
    });

    expect(recommendations[0]!.activity).toEqual({
      title: expect.any(String),
      age: { max_months: expect.any(Number) },
    });
  });

  it('50 children need as many statements as one', async () => {
    const { results } = aNursery();
    const ask = (count: number) =>
      countStatements(() =>
        results(way, { child_ids: Array.from({ length: count }, (_, n) => ids.child(n)), date }),
      );

    // Who asks, the children, and the activities.
    expect(await ask(1)).toBe(3);
    expect(await ask(50)).toBe(3);
  });

  it.each<[string, object, string]>([
    ['no children', { child_ids: [] }, '#/child_ids'],
    [
      '51 children',
      { child_ids: Array.from({ length: 51 }, (_, n) => ids.child(n)) },
      '#/child_ids',
    ],
    ['a child that is no UUID', { child_ids: ['7'] }, '#/child_ids/0'],
    ['no recommendations', { max_recommendations: 0 }, '#/max_recommendations'],
    ['21 recommendations', { max_recommendations: 21 }, '#/max_recommendations'],
    ['half a recommendation', { max_recommendations: 0.5 }, '#/max_recommendations'],
    ['a day that there isn’t', { date: '2026-02-30' }, '#/date'],
    ['weather that there isn’t', { filters: { weather: 'hail' } }, '#/filters/weather'],
    [
      'an age beyond 96 months',
      { filters: { age: { min_months: 97 } } },
      '#/filters/age/min_months',
    ],
    ['a group of none', { filters: { group_size: 0 } }, '#/filters/group_size'],
    ['no categories', { filters: { categories: [] } }, '#/filters/categories'],
    ['a filter that there isn’t', { filters: { colour: 'red' } }, '#/filters'],
    ['a field that there isn’t', { fields: ['titel'] }, '#/fields/0'],
    ['a member too many', { x: 1 }, '#'],
  ])('%s is 422 and names it', async (_, change, pointer) => {
    const response = await aNursery().post(way, { child_ids: [ids.child()], ...change });

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });

  it('is good within a batch: a 403 is one child’s', async () => {
    const { send } = aNursery();

    const response = await send('POST', '/batch', {
      requests: [
        {
          id: 'a',
          method: 'POST',
          url: `/api/v1/batch/${way}`,
          headers: { 'content-type': 'application/json' },
          body: { child_ids: [ids.child(), ids.annsChild], date },
        },
      ],
    });

    expect(await response.json()).toMatchObject({
      responses: [{ status: 200, body: { results: [{ status_code: 200 }, { status_code: 403 }] } }],
    });
  });
});
