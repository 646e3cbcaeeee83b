import { describe, expect, it } from 'vitest';
import { aNursery, countStatements, ids } from '../support/a-nursery.ts';

interface Page {
  readonly total: number;
  readonly next: string | null;
  readonly [name: string]: unknown;
}

const rows = (page: Page, name: string) => page[name] as Readonly<Record<string, unknown>>[];

describe('the seeds', () => {
  it('are thousands, and the same each time', async () => {
    const [one, other] = [aNursery(), aNursery()];

    const first = await one.get<Page>('/api/v1/activities?limit=100');

    expect(first.total).toBeGreaterThan(2000);
    expect(await other.get('/api/v1/activities?limit=100')).toEqual(first);
  });

  it('that were deleted don’t come back when the database is opened again', async () => {
    const { openDatabase } = await import('../../demo/server/platform/database.ts');
    const { resourceTables } = await import('../../demo/server/resources/tables.ts');
    const first = openDatabase(':memory:', [resourceTables]);
    first.exec('DELETE FROM activities');

    const second = openDatabase(':memory:', [resourceTables], first.serialize());

    expect(second.prepare('SELECT count(*) AS count FROM activities').get()).toEqual({ count: 0 });
  });
});

describe.each([
  ['activities', 50],
  ['groups', 12],
  ['children', 50],
])('GET /api/v1/%s', (name, shown) => {
  it('has a page in the order of ids, at two statements', async () => {
    const { get } = aNursery();

    let page: Page | undefined;
    const statements = await countStatements(async () => {
      page = await get<Page>(`/api/v1/${name}`);
    });

    const found = rows(page!, name).map(({ id }) => String(id));
    expect(found).toHaveLength(shown);
    expect(found).toEqual(found.toSorted((one, other) => (one < other ? -1 : 1)));
    // Who asks, the page, and how many there are.
    expect(statements).toBe(3);
  });

  it('page by page has each one once', async () => {
    const { get } = aNursery();

    const seen = new Set<unknown>();
    let [path, total, pages]: [string | null, number, number] = [
      `/api/v1/${name}?limit=100&fields=id`,
      0,
      0,
    ];
    while (path !== null) {
      const page: Page = await get<Page>(path);
      for (const { id } of rows(page, name)) seen.add(id);
      total = page.total;
      path = page.next;
      pages++;
    }

    expect(seen.size).toBe(total);
    expect(pages).toBe(Math.ceil(total / 100));
  });

  it.each([
    ['limit=0', '#/limit'],
    ['limit=101', '#/limit'],
    ['after=x', '#/after'],
    ['fields=', '#/fields/0'],
    ['fields=id,x.y', '#/fields/1'],
  ])('?%s is 400 and names it', async (query, pointer) => {
    const response = await aNursery().ask(`/api/v1/${name}?${query}`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });
});

describe('what a list has', () => {
  it.each(['groups', 'children'])('of %s: one’s own, and for administrators all', async (name) => {
    const { get } = aNursery();
    const total = async (as: string) => (await get<Page>(`/api/v1/${name}?limit=1`, as)).total;

    const [demo, ann, admin] = [await total('demo'), await total('ann'), await total('admin')];

    expect(demo).toBe(ann);
    expect(admin).toBe(demo * 4);
  });

  it('of children: those of a group', async () => {
    const { get } = aNursery();

    const page = await get<Page>(`/api/v1/children?group_id=${ids.group(3)}`);

    expect(page.total).toBe(25);
    for (const child of rows(page, 'children')) expect(child['group_id']).toBe(ids.group(3));
  });

  it('of children: none of another’s group', async () => {
    const { get } = aNursery();

    const page = await get<Page>(`/api/v1/children?group_id=${ids.annsGroup}`);

    expect(page).toEqual({ children: [], total: 0, next: null });
  });

  it('of activities: a category, a setting and an age together', async () => {
    const { get } = aNursery();

    const page = await get<Page>(
      '/api/v1/activities?limit=100&category=music&setting=indoor&age_months=30',
    );

    expect(page.total).toBeGreaterThan(0);
    for (const one of rows(page, 'activities')) {
      const { min_months: min, max_months: max } = one['age'] as Record<string, number>;
      expect(one).toMatchObject({ category: 'music', setting: 'indoor' });
      expect([min! <= 30, max! >= 30]).toEqual([true, true]);
    }
  });

  it('of activities: those with a word, whatever its ending', async () => {
    const { get } = aNursery();

    const page = await get<Page>('/api/v1/activities?limit=100&q=painted&fields=title,description');

    expect(page.total).toBeGreaterThan(0);
    for (const one of rows(page, 'activities')) {
      expect(`${String(one['title'])} ${String(one['description'])}`).toMatch(/paint/i);
    }
  });

  it.each(['%22', '"%20OR%20*', 'a%20b', 'Xylqz', '(((('])(
    'of activities: none for q=%s',
    async (q) => {
      const { get } = aNursery();

      expect(await get(`/api/v1/activities?q=${q}`)).toEqual({
        activities: [],
        total: 0,
        next: null,
      });
    },
  );

  it.each([
    ['activities?category=x', '#/category'],
    ['activities?setting=both,indoor', '#/setting'],
    ['activities?age_months=97', '#/age_months'],
    ['activities?q=', '#/q'],
    ['children?group_id=1', '#/group_id'],
  ])('%s is 400 and names it', async (query, pointer) => {
    const response = await aNursery().ask(`/api/v1/${query}`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });
});

describe.each([
  ['activities', ids.activity(), 'title', 'activity', 'private, max-age=60'],
  ['groups', ids.group(), 'name', 'group', 'private, no-cache'],
  ['children', ids.child(), 'first_name', 'child', 'private, no-cache'],
])('GET /api/v1/%s/:id', (name, id, field, tag, freshness) => {
  it('has it under its tags, and is 304 to who has it', async () => {
    const { ask } = aNursery();

    const first = await ask(`/api/v1/${name}/${id}`);
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    const second = await ask(`/api/v1/${name}/${id}`, { headers });

    expect(await first.json()).toMatchObject({ id });
    expect(first.headers.get('cache-control')).toBe(freshness);
    expect(first.headers.get('cache-tag')).toBe(`${name}, ${tag}-${id}`);
    expect(second.status).toBe(304);
    expect(second.headers.get('cache-tag')).toBe(`${name}, ${tag}-${id}`);
    const list = await ask(`/api/v1/${name}`);
    expect(list.headers.get('cache-tag')).toBe(`${name}, ${tag}-list`);
  });

  it('has only the fields that are asked for', async () => {
    const { get } = aNursery();

    expect(await get(`/api/v1/${name}/${id}?fields=${field}`)).toEqual({
      [field]: expect.any(String),
    });
  });

  it('is 404 for none, and 400 for what is no UUID', async () => {
    const { ask } = aNursery();

    const none = await ask(`/api/v1/${name}/${ids.ofNone}`);
    const bad = await ask(`/api/v1/${name}/7`);

    expect(none.status).toBe(404);
    expect(await none.json()).toMatchObject({ detail: expect.stringContaining(ids.ofNone) });
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({
      errors: [{ pointer: '#/id', detail: expect.stringContaining('got "7"') }],
    });
  });
});

describe('one of another’s', () => {
  it.each([
    ['groups', ids.annsGroup],
    ['children', ids.annsChild],
  ])('of %s is 403, but not for administrators', async (name, id) => {
    const { status } = aNursery();

    expect(await status(`/api/v1/${name}/${id}`)).toBe(403);
    expect(await status(`/api/v1/${name}/${id}`, 'ann')).toBe(200);
    expect(await status(`/api/v1/${name}/${id}`, 'admin')).toBe(200);
  });

  it('is 403 within a batch, alone', async () => {
    const { send } = aNursery();

    const response = await send('POST', '/batch', {
      requests: [
        { id: 'a', method: 'GET', url: `/api/v1/children/${ids.child()}?fields=id` },
        { id: 'b', method: 'GET', url: `/api/v1/children/${ids.annsChild}` },
      ],
    });

    const { responses } = (await response.json()) as { responses: { id: string }[] };
    expect(responses.toSorted((one, other) => one.id.localeCompare(other.id))).toMatchObject([
      { status: 200, body: { id: ids.child() } },
      { status: 403 },
    ]);
  });
});
