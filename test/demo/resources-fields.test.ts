import { z } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import {
  fieldList,
  fieldQuery,
  missingFields,
  selectFields,
  toSelection,
} from '../../demo/server/http/fields.ts';
import { aDemoServer } from '../support/a-demo-server.ts';

const schema = z.object({
  id: z.string(),
  size: z.object({ width: z.int(), unit: z.object({ name: z.string() }).optional() }),
  parts: z.array(z.object({ name: z.string(), count: z.int() })).nullable(),
});

const value = {
  id: 'a',
  size: { width: 2, unit: { name: 'm' } },
  parts: [
    { name: 'x', count: 1 },
    { name: 'y', count: 2 },
  ],
};

describe('a list of fields', () => {
  it.each([
    [['id']],
    [['size']],
    [['size.width', 'size.unit.name', 'parts.count', 'id']],
    [['id', 'id']],
  ])('may be %s', (paths) => {
    expect(fieldList(schema).safeParse(paths).success).toBe(true);
  });

  it.each([
    ['x', "there is no field 'x'; there are id, size, parts"],
    ['', "there is no field ''; there are id, size, parts"],
    ['size.x', "there is no field 'size.x'; 'size' has width, unit"],
    ['size.unit.x', "there is no field 'size.unit.x'; 'size.unit' has name"],
    ['parts.0', "there is no field 'parts.0'; 'parts' has name, count"],
    ['id.x', "'id' has no fields of its own, got 'id.x'"],
    ['size.', "there is no field 'size.'; 'size' has width, unit"],
    ['__proto__', "there is no field '__proto__'; there are id, size, parts"],
    ['constructor', "there is no field 'constructor'; there are id, size, parts"],
  ])('may not have %s', (path, message) => {
    const { error } = fieldList(schema).safeParse(['id', path]);

    expect(error?.issues).toMatchObject([{ path: [1], message }]);
  });

  it('has 1 to 50', () => {
    const times = (count: number) => fieldList(schema).safeParse(Array(count).fill('id')).success;

    expect([0, 1, 50, 51].map(times)).toEqual([false, true, true, false]);
  });

  it('comes in a query with commas between', () => {
    expect(fieldQuery(schema).parse('id, size.width')).toEqual(['id', 'size.width']);
    expect(fieldQuery(schema).parse(undefined)).toBeUndefined();
    expect(fieldQuery(schema).safeParse('id,,x').error?.issues).toMatchObject([
      { path: [1] },
      { path: [2] },
    ]);
  });
});

describe('a selection', () => {
  it.each([
    [['id'], { id: 'a' }],
    [['size'], { size: value.size }],
    [['size.width'], { size: { width: 2 } }],
    [['size.unit.name', 'id'], { size: { unit: { name: 'm' } }, id: 'a' }],
    [['parts.count'], { parts: [{ count: 1 }, { count: 2 }] }],
    [['size.width', 'size.unit'], { size: value.size }],
  ])('of %s', (paths, expected) => {
    expect(selectFields(value, paths)).toEqual(expected);
  });

  it('of nothing in particular is all of it', () => {
    expect(selectFields(value)).toBe(value);
  });

  it.each([[['size', 'size.width']], [['size.width', 'size']]])(
    '%s: the whole wins over its part',
    (paths) => {
      expect(toSelection(paths)).toEqual({ size: null });
    },
  );

  it('of null is null, and of what isn’t there nothing', () => {
    expect(selectFields({ parts: null, size: {} }, ['parts.name', 'size.unit.name', 'id'])).toEqual(
      {
        parts: null,
        size: {},
      },
    );
  });

  it('keeps the order in which it was asked for', () => {
    expect(Object.keys(selectFields(value, ['parts', 'id']))).toEqual(['parts', 'id']);
  });

  it.each([
    [['id', 'size.width', 'parts'], { id: 'a' }, ['size.width', 'parts']],
    [['size.width', 'size.unit.name'], { size: { width: 1 } }, ['size.unit.name']],
    [['parts.name'], { parts: [] }, []],
    [['parts.name'], { parts: null }, []],
  ])('of %s knows what is missing in %j', (paths, of, missing) => {
    expect(missingFields(of, paths)).toEqual(missing);
  });
});

describe('?fields= of what is older', () => {
  it('a widget has only those', async () => {
    const { ask } = aDemoServer();

    const response = await ask('/api/widgets/1?fields=title,value');

    expect(await response.json()).toEqual({
      title: expect.any(String),
      value: expect.any(Number),
    });
  });

  it('notes have only those', async () => {
    const { ask, send } = aDemoServer();
    await send('POST', '/api/notes', { text: 'Milk' });

    expect(await (await ask('/api/notes?fields=text')).json()).toEqual({
      notes: [{ text: 'Milk' }],
    });
    expect(await (await ask('/api/notes/1?fields=id')).json()).toEqual({ id: 1 });
  });

  it.each(['widgets/1', 'notes', 'notes/1'])(
    '%s with one that there isn’t is 400',
    async (path) => {
      const response = await aDemoServer().ask(`/api/${path}?fields=nam`);

      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ pointer: '#/fields/0' }] });
    },
  );
});

describe('GET with fields', () => {
  const paths = [
    ['/api/v1/activities', 'title', 'activities'],
    ['/api/sessions', 'title', 'sessions'],
    ['/api/sessions/demo-51/messages', 'text', 'messages'],
    ['/api/charges', 'status', 'charges'],
    ['/api/charges/C-101199', 'status', null],
    ['/api/quotes/AAPL', 'price', null],
    ['/api/fundamentals/AAPL', 'beta', null],
    ['/api/history/AAPL', 'from', null],
    ['/api/news', 'headline', 'articles'],
    ['/api/portfolio', 'totalValue', null],
    ['/api/watchlist', 'symbol', 'watched'],
    ['/api/widgets/1', 'title', null],
  ] as const;

  it.each(paths)('%s has what is asked for, and no more', async (path, field, list) => {
    const response = await aDemoServer().ask(`${path}?fields=${field}`);

    expect(response.status).toBe(200);
    const body = (await response.json()) as Readonly<Record<string, object[]>>;
    const found = list === null ? [body] : body[list]!;
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) expect(Object.keys(one)).toEqual([field]);
  });

  it.each(paths)('%s with one that there isn’t is 400 and names it', async (path) => {
    const response = await aDemoServer().ask(`${path}?fields=nope`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ pointer: '#/fields/0', detail: expect.stringContaining("'nope'") }],
    });
  });
});
