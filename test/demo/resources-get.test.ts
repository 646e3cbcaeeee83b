import { describe, expect, it } from 'vitest';
import { aNursery, countStatements, ids } from '../support/a-nursery.ts';

const many = (count: number, idOf: (number: number) => string) =>
  Array.from({ length: count }, (_, number) => idOf(number));

describe('POST /api/v1/batch/get', () => {
  it('has a result for each id, in their order, with totals', async () => {
    const { get, results } = aNursery();
    const wanted = [ids.activity(7), ids.ofNone, ids.activity(3)];

    const answer = await results('get', { resource_type: 'activities', ids: wanted });

    expect(answer.results.map(({ id }) => id)).toEqual(wanted);
    expect(answer.results[0]).toEqual({
      id: ids.activity(7),
      status: 'success',
      data: await get(`/api/v1/activities/${ids.activity(7)}`),
      error: null,
      status_code: 200,
    });
    expect(answer.results[1]).toEqual({
      id: ids.ofNone,
      status: 'error',
      data: null,
      error: { title: 'Not found', detail: expect.stringContaining(ids.ofNone) },
      status_code: 404,
    });
    expect(answer).toMatchObject({ total_requested: 3, total_succeeded: 2, total_failed: 1 });
    expect(new Date(answer.processed_at).toISOString()).toBe(answer.processed_at);
  });

  it('is 200 also where all have failed', async () => {
    const { post } = aNursery();

    const response = await post('get', { resource_type: 'groups', ids: [ids.ofNone] });

    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ total_succeeded: 0, total_failed: 1 });
  });

  it.each([
    ['activities', ids.activity()],
    ['groups', ids.group()],
    ['children', ids.child()],
    ['widgets', '7'],
    ['sessions', 'demo-51'],
    ['charges', 'C-101199'],
  ])('has %s', async (type, id) => {
    const { results } = aNursery();

    const answer = await results('get', { resource_type: type, ids: [id] });

    const { status, data } = answer.results[0]!;
    expect(status).toBe('success');
    expect(String(data!['id'])).toBe(id);
  });

  it('has notes', async () => {
    const { send, results } = aNursery();
    await send('POST', '/api/notes', { text: 'Milk' });

    const answer = await results('get', { resource_type: 'notes', ids: ['1', '2'] });

    expect(answer.results).toMatchObject([
      { id: '1', status: 'success', data: { id: 1, text: 'Milk' } },
      { id: '2', status: 'error', status_code: 404 },
    ]);
  });

  it.each([1, 100])('takes %s ids, at one statement', async (count) => {
    const { results } = aNursery();
    const body = { resource_type: 'activities', ids: many(count, ids.activity) };

    let answer: Awaited<ReturnType<typeof results>> | undefined;
    const statements = await countStatements(async () => {
      answer = await results('get', body);
    });

    expect(answer!.total_succeeded).toBe(count);
    // One to find who asks, for the token of the test; one for all ids.
    expect(statements).toBe(2);
  });

  it.each(['children', 'sessions'])('has 100 %s at one statement, too', async (type) => {
    const { results } = aNursery();
    const wanted = type === 'children' ? many(100, ids.child) : many(100, (n) => `demo-${n}`);

    const statements = await countStatements(() =>
      results('get', { resource_type: type, ids: wanted }),
    );

    expect(statements).toBe(2);
  });

  it('an id that is given twice has two results', async () => {
    const { results } = aNursery();

    const answer = await results('get', {
      resource_type: 'groups',
      ids: [ids.group(), ids.group()],
      fields: ['name'],
    });

    expect(answer.results[0]).toEqual(answer.results[1]);
    expect(answer.total_requested).toBe(2);
  });

  it('takes UUIDs in upper case', async () => {
    const { results } = aNursery();

    const answer = await results('get', {
      resource_type: 'groups',
      ids: [ids.group().toUpperCase()],
    });

    expect(answer.results).toMatchObject([{ id: ids.group(), status: 'success' }]);
  });

  it('integers are as good as strings where sessions have them', async () => {
    const { results } = aNursery();

    const answer = await results('get', { resource_type: 'sessions', ids: [1060, '1060'] });

    expect(answer.results).toMatchObject([{ data: { id: 1060 } }, { data: { id: 1060 } }]);
  });

  it.each([
    ['children', ids.child(), ids.annsChild],
    ['groups', ids.group(), ids.annsGroup],
    ['sessions', 'demo-51', 'ann-51'],
    ['charges', 'C-101199', 'C-101197'],
  ])('%s of another are 403, each on its own', async (type, mine, theirs) => {
    const { results } = aNursery();

    const answer = await results('get', { resource_type: type, ids: [mine, theirs] });

    expect(answer.results.map(({ status_code: code }) => code)).toEqual([200, 403]);
    expect(answer.results[1]).toMatchObject({ status: 'error', data: null });
    expect(answer).toMatchObject({ total_succeeded: 1, total_failed: 1 });
  });

  it('administrators see everybody’s children, but nobody’s sessions', async () => {
    const { results } = aNursery();
    const as = { as: 'admin' };

    const children = [ids.child(), ids.annsChild];
    const seen = await results('get', { resource_type: 'children', ids: children }, as);
    const unseen = await results('get', { resource_type: 'sessions', ids: ['demo-51'] }, as);

    expect(seen.total_succeeded).toBe(2);
    expect(unseen.results).toMatchObject([{ status_code: 403 }]);
  });

  it('has only the fields that are asked for, also within objects and lists', async () => {
    const { results } = aNursery();

    const answer = await results('get', {
      resource_type: 'activities',
      ids: [ids.activity()],
      fields: ['title', 'age.min_months', 'materials.name'],
    });

    const { data } = answer.results[0]!;
    expect(Object.keys(data!)).toEqual(['title', 'age', 'materials']);
    expect(data!['age']).toEqual({ min_months: expect.any(Number) });
    expect((data!['materials'] as object[])[0]).toEqual({ name: 'sponge' });
  });

  it('one that lacks a field is partial, and says which', async () => {
    const { results } = aNursery();

    // The first widget is a figure; bars are of another kind.
    const answer = await results('get', {
      resource_type: 'widgets',
      ids: ['1'],
      fields: ['id', 'value', 'bars'],
    });

    expect(answer.results).toEqual([
      {
        id: '1',
        status: 'partial',
        data: { id: 1, value: expect.any(Number) },
        error: { title: 'Not all of it', detail: 'It has no bars.' },
        status_code: 200,
      },
    ]);
    expect(answer).toMatchObject({ total_succeeded: 1, total_failed: 0 });
  });

  it.each<[string, unknown, string, string]>([
    ['no type', { ids: [ids.group()] }, '#/resource_type', 'must be one of activities, groups'],
    ['a type that there isn’t', { resource_type: 'x', ids: ['1'] }, '#/resource_type', 'got "x"'],
    ['no ids', { resource_type: 'groups' }, '#/ids', ''],
    ['an empty list', { resource_type: 'groups', ids: [] }, '#/ids', ''],
    ['ids that are no list', { resource_type: 'groups', ids: 'all' }, '#/ids', ''],
    ['101 ids', { resource_type: 'activities', ids: many(101, ids.activity) }, '#/ids', '100'],
    [
      'an id that is no UUID',
      { resource_type: 'groups', ids: [ids.group(), '7'] },
      '#/ids/1',
      'got "7"',
    ],
    ['a number for a UUID', { resource_type: 'groups', ids: [7] }, '#/ids/0', 'got 7'],
    ['a widget that can’t be', { resource_type: 'widgets', ids: ['x'] }, '#/ids/0', 'got "x"'],
    [
      'a session that can’t be',
      { resource_type: 'sessions', ids: ['a b'] },
      '#/ids/0',
      'got "a b"',
    ],
    [
      'a field that there isn’t',
      { resource_type: 'groups', ids: [ids.group()], fields: ['id', 'nam'] },
      '#/fields/1',
      'there are id, name, room, capacity',
    ],
    [
      'a field within none',
      { resource_type: 'groups', ids: [ids.group()], fields: ['name.first'] },
      '#/fields/0',
      "'name' has no fields",
    ],
    ['no fields', { resource_type: 'groups', ids: [ids.group()], fields: [] }, '#/fields', ''],
    ['a member too many', { resource_type: 'groups', ids: [ids.group()], x: 1 }, '#', 'x'],
    ['a list', [], '#', 'object'],
  ])('%s is 422 and names it', async (_, body, pointer, detail) => {
    const response = await aNursery().post('get', body);

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      title: 'Not what is expected',
      errors: [{ pointer, detail: expect.stringContaining(detail) }],
    });
  });

  it('widgets that there aren’t are 404', async () => {
    const { results } = aNursery();

    const answer = await results('get', { resource_type: 'widgets', ids: ['10000', '10001'] });

    expect(answer.results.map(({ status_code: code }) => code)).toEqual([200, 404]);
  });

  it('is good within a batch: a 422 is its item’s alone, a 403 its result’s', async () => {
    const { send } = aNursery();
    const item = (id: string, body: unknown) => ({
      id,
      method: 'POST',
      url: '/api/v1/batch/get',
      headers: { 'content-type': 'application/json' },
      body,
    });

    const response = await send('POST', '/batch', {
      requests: [
        item('a', { resource_type: 'children', ids: [ids.child(), ids.annsChild] }),
        item('b', { resource_type: 'children', ids: [] }),
      ],
    });

    const { responses } = (await response.json()) as { responses: { id: string }[] };
    expect(responses.toSorted((one, other) => one.id.localeCompare(other.id))).toMatchObject([
      { id: 'a', status: 200, body: { total_succeeded: 1, total_failed: 1 } },
      { id: 'b', status: 422, body: { errors: [{ pointer: '#/ids' }] } },
    ]);
  });

  it('nobody gets anything: 401', async () => {
    const response = await aNursery().post(
      'get',
      { resource_type: 'groups', ids: [ids.group()] },
      { as: null },
    );

    expect(response.status).toBe(401);
  });
});
