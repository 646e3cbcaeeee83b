import { describe, expect, it } from 'vitest';
import { aChild, anActivity, aNursery, countStatements, ids } from '../support/a-nursery.ts';

/** Items of a request that writes, called 0, 1, 2 and so on. */
const items = (...of: readonly object[]) =>
  of.map((item, number) => ({ request_id: String(number), ...item }));

const creating = (...data: readonly unknown[]) => items(...data.map((one) => ({ data: one })));

const codes = ({ results }: { readonly results: readonly { readonly status_code: number }[] }) =>
  results.map(({ status_code: code }) => code);

describe('POST /api/v1/batch/create', () => {
  it('creates what is right, and says of the rest what is wrong', async () => {
    const { get, results } = aNursery();

    const answer = await results('create', {
      resource_type: 'children',
      items: creating(aChild(), aChild({ energy: 'wild' }), aChild({ first_name: 'Jonas' })),
    });

    expect(codes(answer)).toEqual([201, 422, 201]);
    expect(answer).toMatchObject({ total_requested: 3, total_succeeded: 2, total_failed: 1 });
    expect(answer.results[1]).toMatchObject({
      id: null,
      request_id: '1',
      status: 'error',
      data: null,
      error: { errors: [{ pointer: '#/items/1/data/energy' }] },
    });
    const { id, request_id: requestId, data } = answer.results[2]!;
    expect(requestId).toBe('2');
    expect(data).toMatchObject({ id, first_name: 'Jonas', interests: [], allergies: [] });
    expect(await get(`/api/v1/children/${id}`)).toEqual(data);
  });

  it.each([
    ['activities', anActivity()],
    ['groups', { name: 'Owls', room: 'Attic', capacity: 20 }],
    ['children', aChild()],
  ])('creates %s, which belong to who has created them', async (type, data) => {
    const { results, status } = aNursery();

    const answer = await results('create', { resource_type: type, items: creating(data) });

    const { id } = answer.results[0]!;
    expect(id).toMatch(/^[\da-f-]{36}$/);
    expect(await status(`/api/v1/${type}/${id}`)).toBe(200);
    expect(await status(`/api/v1/${type}/${id}`, 'ann')).toBe(type === 'activities' ? 200 : 403);
  });

  it('an activity that was added is found by its words', async () => {
    const { get, results } = aNursery();
    const data = anActivity({ title: 'Xylophone parade' });

    const { results: created } = await results('create', {
      resource_type: 'activities',
      items: creating(data),
    });

    const found = await get('/api/v1/activities?q=xylophones&fields=id');
    expect(found).toMatchObject({ activities: [{ id: created[0]!.id }], total: 1 });
  });

  it('takes an id of the client’s; one that is taken is 409, also within the batch', async () => {
    const { results } = aNursery();

    const answer = await results('create', {
      resource_type: 'children',
      items: creating(
        aChild({ id: ids.ofNone.toUpperCase() }),
        aChild({ id: ids.ofNone }),
        aChild({ id: ids.annsChild }),
      ),
    });

    expect(codes(answer)).toEqual([201, 409, 409]);
    expect(answer.results[0]).toMatchObject({ id: ids.ofNone });
  });

  it('a group that there isn’t is 422, another’s 403', async () => {
    const { results } = aNursery();

    const answer = await results('create', {
      resource_type: 'children',
      items: creating(aChild({ group_id: ids.ofNone }), aChild({ group_id: ids.annsGroup })),
    });

    expect(codes(answer)).toEqual([422, 403]);
    for (const [index, { error }] of answer.results.entries()) {
      expect(error).toMatchObject({ errors: [{ pointer: `#/items/${index}/data/group_id` }] });
    }
  });

  it('a child that an administrator adds to a group belongs to the group’s user', async () => {
    const { results, status } = aNursery();

    const answer = await results(
      'create',
      { resource_type: 'children', items: creating(aChild({ group_id: ids.annsGroup })) },
      { as: 'admin' },
    );

    const { id } = answer.results[0]!;
    expect(await status(`/api/v1/children/${id}`, 'ann')).toBe(200);
    expect(await status(`/api/v1/children/${id}`, 'demo')).toBe(403);
  });

  it('100 are created with as many reads as one', async () => {
    const { results } = aNursery();
    const create = (count: number) =>
      countStatements(() =>
        results('create', {
          resource_type: 'children',
          items: creating(...Array.from({ length: count }, () => aChild())),
        }),
      );

    const [one, hundred] = [await create(1), await create(100)];

    expect(hundred - one).toBe(99);
  });

  it('has only the fields that are asked for', async () => {
    const { results } = aNursery();

    const answer = await results('create', {
      resource_type: 'activities',
      items: creating(anActivity()),
      fields: ['age.min_months'],
    });

    expect(answer.results[0]!.data).toEqual({ age: { min_months: 36 } });
  });

  it('with the same Idempotency-Key, a repetition gets the first answer', async () => {
    const { get, post } = aNursery();
    const body = { resource_type: 'children', items: creating(aChild()) };
    const headers = { 'idempotency-key': '"k-1"' };

    const first = await post('create', body, { headers });
    const second = await post('create', body, { headers });

    expect(await second.json()).toEqual(await first.json());
    expect(await get('/api/v1/children?limit=1')).toMatchObject({ total: 301 });
  });

  it.each<[string, object, string]>([
    ['no data', { data: undefined }, '#/items/0/data'],
    ['data that is a list', { data: [] }, '#/items/0/data'],
    ['no request_id', { request_id: undefined }, '#/items/0/request_id'],
    ['an empty request_id', { request_id: '' }, '#/items/0/request_id'],
    ['101 characters of request_id', { request_id: 'a'.repeat(101) }, '#/items/0/request_id'],
    ['a member too many', { id: ids.ofNone }, '#/items/0'],
  ])('an item with %s makes the whole 422', async (_, change, pointer) => {
    const { get, post } = aNursery();

    const response = await post('create', {
      resource_type: 'children',
      items: [{ request_id: '0', data: aChild(), ...change }],
    });

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
    expect(await get('/api/v1/children?limit=1')).toMatchObject({ total: 300 });
  });
});

describe('what an item may have', () => {
  it.each<[string, object, string]>([
    ['a title that is empty', { title: ' ' }, 'title'],
    ['121 characters of title', { title: 'a'.repeat(121) }, 'title'],
    ['1,001 characters of description', { description: 'a'.repeat(1001) }, 'description'],
    ['a category that there isn’t', { category: 'maths' }, 'category'],
    ['no skills', { skills: [] }, 'skills'],
    [
      'an age that ends before it begins',
      { age: { min_months: 40, max_months: 30 } },
      'age/min_months',
    ],
    ['an age beyond 96 months', { age: { min_months: 0, max_months: 97 } }, 'age/max_months'],
    ['a group of none', { group_size: { min: 0, max: 4 } }, 'group_size/min'],
    [
      'a group that is smaller than its least',
      { group_size: { min: 5, max: 4 } },
      'group_size/min',
    ],
    ['a group of 61', { group_size: { min: 1, max: 61 } }, 'group_size/max'],
    ['4 minutes', { duration_minutes: 4 }, 'duration_minutes'],
    ['241 minutes', { duration_minutes: 241 }, 'duration_minutes'],
    ['weather that there isn’t', { weather: ['hail'] }, 'weather/0'],
    [
      '21 materials',
      { materials: Array.from({ length: 21 }, () => ({ name: 'a', quantity: 1 })) },
      'materials',
    ],
    ['a material without a number', { materials: [{ name: 'a' }] }, 'materials/0/quantity'],
  ])('an activity with %s is 422 in its result', async (_, change, member) => {
    const { results } = aNursery();

    const answer = await results('create', {
      resource_type: 'activities',
      items: creating(anActivity(change)),
    });

    expect(answer.results).toMatchObject([
      { status_code: 422, error: { errors: [{ pointer: `#/items/0/data/${member}` }] } },
    ]);
  });

  it.each<[string, object, string]>([
    ['no name', { first_name: undefined }, '/first_name'],
    ['a birth date that there isn’t', { birth_date: '2022-02-30' }, '/birth_date'],
    ['a group that is no UUID', { group_id: '7' }, '/group_id'],
    ['an id that is no UUID', { id: '7' }, '/id'],
    ['an allergy that there isn’t', { allergies: ['work'] }, '/allergies/0'],
    [
      '21 recent activities',
      { recent_activity_ids: Array.from({ length: 21 }, () => ids.activity()) },
      '/recent_activity_ids',
    ],
    ['a member too many', { user: 'ann' }, ''],
  ])('a child with %s is 422 in its result', async (_, change, member) => {
    const { results } = aNursery();

    const answer = await results('create', {
      resource_type: 'children',
      items: creating(aChild(change)),
    });

    expect(answer.results).toMatchObject([
      { status_code: 422, error: { errors: [{ pointer: `#/items/0/data${member}` }] } },
    ]);
  });

  it.each([0, 61, 1.5])('a group with room for %s is 422 in its result', async (capacity) => {
    const { results } = aNursery();

    const answer = await results('create', {
      resource_type: 'groups',
      items: creating({ name: 'Owls', room: 'Attic', capacity }),
    });

    expect(answer.results).toMatchObject([
      { error: { errors: [{ pointer: '#/items/0/data/capacity' }] } },
    ]);
  });
});

describe('POST /api/v1/batch/update', () => {
  it('changes the members that are given, and no others', async () => {
    const { get, results } = aNursery();
    const before = await get(`/api/v1/children/${ids.child()}`);

    const answer = await results('update', {
      resource_type: 'children',
      items: items({ id: ids.child(), data: { first_name: 'Ida', interests: ['art'] } }),
    });

    const after = { ...before, first_name: 'Ida', interests: ['art'] };
    expect(answer.results).toEqual([
      {
        id: ids.child(),
        request_id: '0',
        status: 'success',
        data: after,
        error: null,
        status_code: 200,
      },
    ]);
    expect(await get(`/api/v1/children/${ids.child()}`)).toEqual(after);
  });

  it('what is wrong with an item is its own', async () => {
    const { get, results } = aNursery();

    const answer = await results('update', {
      resource_type: 'children',
      items: items(
        { id: ids.ofNone, data: { first_name: 'a' } },
        { id: ids.annsChild, data: { first_name: 'a' } },
        { id: ids.child(1), data: { energy: 'wild' } },
        { id: ids.child(2), data: { group_id: ids.annsGroup } },
        { id: ids.child(3), data: { group_id: ids.ofNone } },
        { id: ids.child(4), data: { id: ids.child(5) } },
        { id: ids.child(), data: { first_name: 'Ida' } },
      ),
    });

    expect(codes(answer)).toEqual([404, 403, 422, 403, 422, 422, 200]);
    expect(await get(`/api/v1/children/${ids.annsChild}`, 'ann')).not.toMatchObject({
      first_name: 'a',
    });
  });

  it('several changes to one go on from each other', async () => {
    const { get, results } = aNursery();

    await results('update', {
      resource_type: 'groups',
      items: items(
        { id: ids.group(), data: { name: 'One' } },
        { id: ids.group(), data: { room: 'Two' } },
      ),
    });

    expect(await get(`/api/v1/groups/${ids.group()}`)).toMatchObject({ name: 'One', room: 'Two' });
  });

  it('the catalogue of activities is the administrators’; one’s own is one’s own', async () => {
    const { results } = aNursery();
    const { results: created } = await results('create', {
      resource_type: 'activities',
      items: creating(anActivity()),
    });
    const update = (id: string, as: string) =>
      results(
        'update',
        { resource_type: 'activities', items: items({ id, data: { duration_minutes: 60 } }) },
        { as },
      );
    const own = created[0]!.id!;

    expect(codes(await update(ids.activity(), 'demo'))).toEqual([403]);
    expect(codes(await update(ids.activity(), 'admin'))).toEqual([200]);
    expect(codes(await update(own, 'ann'))).toEqual([403]);
    expect(codes(await update(own, 'demo'))).toEqual([200]);
    expect(codes(await update(own, 'admin'))).toEqual([200]);
  });

  it('a child stays with its user: an administrator can’t move it to another’s group', async () => {
    const { results } = aNursery();

    const answer = await results(
      'update',
      {
        resource_type: 'children',
        items: items({ id: ids.child(), data: { group_id: ids.annsGroup } }),
      },
      { as: 'admin' },
    );

    expect(answer.results).toMatchObject([{ status_code: 422, error: { title: 'Of two users' } }]);
  });

  it('an activity that was changed is found by its new words, and not by its old ones', async () => {
    const { get, results } = aNursery();
    const id = ids.activity();
    const total = async (q: string) =>
      (await get<{ total: number }>(`/api/v1/activities?q=${q}`)).total;
    const before = await total('sponge');

    await results(
      'update',
      {
        resource_type: 'activities',
        items: items({ id, data: { title: 'Xylophones', description: 'Loud.' } }),
      },
      { as: 'admin' },
    );

    expect(await total('xylophones')).toBe(1);
    expect(await total('sponge')).toBe(before - 1);
  });

  it('100 are changed with as many reads as one', async () => {
    const { results } = aNursery();
    const update = (count: number) =>
      countStatements(() =>
        results('update', {
          resource_type: 'children',
          items: items(
            ...Array.from({ length: count }, (_, n) => ({
              id: ids.child(n),
              data: { group_id: ids.group(n % 12) },
            })),
          ),
        }),
      );

    const [one, hundred] = [await update(1), await update(100)];

    expect(hundred - one).toBe(99);
  });
});

describe('POST /api/v1/batch/delete', () => {
  it('deletes what may be deleted; a second time it isn’t there', async () => {
    const { results, status } = aNursery();

    const answer = await results('delete', {
      resource_type: 'children',
      items: items(
        { id: ids.child() },
        { id: ids.child() },
        { id: ids.annsChild },
        { id: ids.ofNone },
      ),
    });

    expect(codes(answer)).toEqual([204, 404, 403, 404]);
    expect(answer.results[0]).toEqual({
      id: ids.child(),
      request_id: '0',
      status: 'success',
      data: null,
      error: null,
      status_code: 204,
    });
    expect(await status(`/api/v1/children/${ids.child()}`)).toBe(404);
    expect(await status(`/api/v1/children/${ids.annsChild}`, 'ann')).toBe(200);
  });

  it('a group that has children is 409, and says how many', async () => {
    const { results, status } = aNursery();

    const answer = await results('delete', {
      resource_type: 'groups',
      items: items({ id: ids.group() }),
    });

    expect(answer.results).toMatchObject([
      { status_code: 409, error: { detail: expect.stringContaining('25 children') } },
    ]);
    expect(await status(`/api/v1/groups/${ids.group()}`)).toBe(200);
  });

  it('a group without children is deleted', async () => {
    const { results } = aNursery();
    const children = Array.from({ length: 25 }, (_, n) => ({ id: ids.child(n) }));
    await results('delete', { resource_type: 'children', items: items(...children) });

    const answer = await results('delete', {
      resource_type: 'groups',
      items: items({ id: ids.group() }),
    });

    expect(codes(answer)).toEqual([204]);
  });

  it('an activity that was deleted is found no more', async () => {
    const { get, results } = aNursery();
    const total = async () => (await get<{ total: number }>('/api/v1/activities?q=sponge')).total;
    const before = await total();

    await results(
      'delete',
      { resource_type: 'activities', items: items({ id: ids.activity() }) },
      { as: 'admin' },
    );

    expect(await total()).toBe(before - 1);
  });

  it('100 are deleted with as many reads as one', async () => {
    const { results } = aNursery();
    const remove = (from: number, count: number) =>
      countStatements(() =>
        results('delete', {
          resource_type: 'children',
          items: items(...Array.from({ length: count }, (_, n) => ({ id: ids.child(from + n) }))),
        }),
      );

    const [one, hundred] = [await remove(0, 1), await remove(1, 100)];

    expect(hundred - one).toBe(99);
  });
});

const right = {
  create: () => ({ data: aChild() }),
  update: () => ({ id: ids.child(), data: { first_name: 'Ida' } }),
  delete: () => ({ id: ids.child() }),
};

describe.each(['create', 'update', 'delete'] as const)('all or nothing: %s', (way) => {
  const wrong =
    way === 'create' ? { data: {} } : { id: ids.ofNone, ...(way === 'update' ? { data: {} } : {}) };

  it('changes nothing where one item fails: the others are 424', async () => {
    const { announced, get, results } = aNursery();
    const before = await get('/api/v1/children?limit=100');
    const heard = announced();

    const answer = await results(way, {
      resource_type: 'children',
      items: items(right[way](), wrong, right[way]()),
      all_or_nothing: true,
    });

    const code = way === 'create' ? 422 : 404;
    expect(codes(answer)).toEqual(way === 'delete' ? [424, 404, 404] : [424, code, 424]);
    expect(answer).toMatchObject({ total_succeeded: 0, total_failed: 3 });
    expect(answer.results[0]).toMatchObject({
      request_id: '0',
      status: 'error',
      data: null,
      error: { detail: expect.stringContaining("'1'") },
    });
    expect(await get('/api/v1/children?limit=100')).toEqual(before);
    expect(heard).toEqual([]);
  });

  it('changes all where none fails', async () => {
    const { results } = aNursery();

    const answer = await results(way, {
      resource_type: 'children',
      items: items(right[way]()),
      all_or_nothing: true,
    });

    expect(answer.total_succeeded).toBe(1);
  });

  it('is no longer asked for without the member', async () => {
    const { results } = aNursery();

    const answer = await results(way, {
      resource_type: 'children',
      items: items(right[way](), wrong),
    });

    expect(answer).toMatchObject({ total_succeeded: 1, total_failed: 1 });
  });

  it('takes effect as a whole also where the database fails: 500, and nothing is changed', async () => {
    const { get, post, services } = aNursery();
    const failing = {
      create: { data: aChild({ id: ids.ofNone }) },
      update: { id: ids.child(1), data: { first_name: 'Ida' } },
      delete: { id: ids.child(1) },
    };
    const [event, row] = {
      create: ['INSERT', 'new'],
      update: ['UPDATE', 'new'],
      delete: ['DELETE', 'old'],
    }[way];
    services.database.exec(`
      CREATE TRIGGER broken BEFORE ${event} ON children WHEN ${row}.id IN ('${ids.ofNone}', '${ids.child(1)}')
      BEGIN SELECT RAISE(ABORT, 'broken'); END;
    `);
    const before = await get('/api/v1/children?limit=100');

    const response = await post(way, {
      resource_type: 'children',
      items: items(right[way](), failing[way]),
    });

    expect(response.status).toBe(500);
    expect(await get('/api/v1/children?limit=100')).toEqual(before);
  });
});

describe.each(['create', 'update', 'delete'] as const)('the envelope of %s', (way) => {
  const many = (count: number) => items(...Array.from({ length: count }, () => right[way]()));

  it('takes 100 items', async () => {
    const { results } = aNursery();

    const answer = await results(way, { resource_type: 'children', items: many(100) });

    expect(answer.total_requested).toBe(100);
  });

  it.each<[string, object, string, string]>([
    ['101 items', { items: many(101) }, '#/items', '100'],
    ['no items', { items: [] }, '#/items', ''],
    ['items that are no list', { items: {} }, '#/items', 'array'],
    [
      'no type',
      { resource_type: undefined },
      '#/resource_type',
      'must be one of activities, groups, children',
    ],
    [
      'a type that can’t be written',
      { resource_type: 'widgets' },
      '#/resource_type',
      'got "widgets"',
    ],
    [
      'a request_id that comes twice',
      { items: [...many(1), ...many(1)] },
      '#/items/1/request_id',
      "got '0' again",
    ],
    [
      'a wish that is neither true nor false',
      { all_or_nothing: 'yes' },
      '#/all_or_nothing',
      'boolean',
    ],
    ['a field that there isn’t', { fields: ['nam'] }, '#/fields/0', "no field 'nam'"],
    ['a member too many', { x: 1 }, '#', 'x'],
  ])('with %s is 422 and names it', async (_, change, pointer, detail) => {
    const response = await aNursery().post(way, {
      resource_type: 'children',
      items: many(1),
      ...change,
    });

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      errors: [{ pointer, detail: expect.stringContaining(detail) }],
    });
  });

  it('beyond 256 kB is 413', async () => {
    const response = await aNursery().post(way, { x: 'a'.repeat(262_144) });

    expect(response.status).toBe(413);
  });

  it('announces what was written, to whom it belongs', async () => {
    const { announced, results } = aNursery();
    const heard = announced();

    const answer = await results(way, { resource_type: 'children', items: many(1) });

    const { id } = answer.results[0]!;
    expect(heard).toEqual([{ tags: ['child-list', `child-${id}`], user: 'demo' }]);
  });

  it('is good within a batch: a 422 is its item’s alone', async () => {
    const { send } = aNursery();
    const item = (id: string, body: unknown) => ({
      id,
      method: 'POST',
      url: `/api/v1/batch/${way}`,
      headers: { 'content-type': 'application/json' },
      body,
    });

    const response = await send('POST', '/batch', {
      requests: [
        item('a', { resource_type: 'children', items: many(1) }),
        item('b', { resource_type: 'children', items: [] }),
      ],
    });

    const { responses } = (await response.json()) as { responses: { id: string }[] };
    expect(responses.toSorted((one, other) => one.id.localeCompare(other.id))).toMatchObject([
      { status: 200, body: { total_succeeded: 1 } },
      { status: 422, body: { errors: [{ pointer: '#/items' }] } },
    ]);
  });
});

it.each(['update', 'delete'] as const)(
  '%s of an id that is no UUID is 422 and names it',
  async (way) => {
    const response = await aNursery().post(way, {
      resource_type: 'children',
      items: items({ ...right[way](), id: '7' }),
    });

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      errors: [{ pointer: '#/items/0/id', detail: expect.stringContaining('got "7"') }],
    });
  },
);

describe('announcements', () => {
  it('of activities are for everybody', async () => {
    const { announced, results } = aNursery();
    const heard = announced();

    await results('create', { resource_type: 'activities', items: creating(anActivity()) });

    expect(heard).toMatchObject([{ user: undefined, tags: ['activity-list', expect.any(String)] }]);
  });

  it('of an administrator’s writes go to each of those whom they concern', async () => {
    const { announced, results } = aNursery();
    const heard = announced();

    await results(
      'delete',
      { resource_type: 'children', items: items({ id: ids.child() }, { id: ids.annsChild }) },
      { as: 'admin' },
    );

    expect(heard).toEqual([
      { user: 'demo', tags: ['child-list', `child-${ids.child()}`] },
      { user: 'ann', tags: ['child-list', `child-${ids.annsChild}`] },
    ]);
  });
});
