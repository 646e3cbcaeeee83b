import { describe, expect, test } from 'vitest';
import { batchResponse } from '../../src/server/schemas.ts';
import { aBatch, aGet, aRawBatch, aServer, partsOf, refusalOf, wholeOf } from './support.ts';

async function refusalOfText(text: string): ReturnType<typeof refusalOf> {
  const { handle, seen } = aServer();
  const response = await handle(aRawBatch(text));

  expect(seen).toEqual([]);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return refusalOf(response);
}

describe('a batch that is refused as a whole', () => {
  test.each([
    ['nothing', ''],
    ['broken JSON', '{"requests":['],
    ['trailing text', '{"requests":[]}x'],
    ['NaN', '{"requests":[{"id":"0","method":"GET","url":"/","body":NaN}]}'],
    [
      'broken JSON in an item body',
      '{"requests":[{"id":"0","method":"POST","url":"/","body":{a}}]}',
    ],
  ])('%s is answered 400 and told to be JSON', async (_, text) => {
    const problem = await refusalOfText(text);

    expect(problem).toMatchObject({ status: 400, title: 'Bad Request' });
    expect(problem.detail).toContain('not valid JSON');
  });

  test('bytes that are no UTF-8 are answered 400', async () => {
    const { handle } = aServer();
    const bytes = new Uint8Array([
      ...new TextEncoder().encode('{"requests":[],"x":"'),
      0xff,
      0x22,
      0x7d,
    ]);

    const response = await handle(aRawBatch(bytes));

    expect(response.status).toBe(400);
  });

  const item = (more: string): string =>
    `{"requests":[{"id":"0","method":"GET","url":"/a"},{${more}}]}`;

  test.each([
    ['an array', '[]', '#'],
    ['null', 'null', '#'],
    ['no requests', '{}', '#/requests'],
    ['requests that are no array', '{"requests":{}}', '#/requests'],
    ['an item that is no object', '{"requests":[7]}', '#/requests/0'],
    ['no id', item('"method":"GET","url":"/"'), '#/requests/1/id'],
    ['a number as id', item('"id":1,"method":"GET","url":"/"'), '#/requests/1/id'],
    ['a repeated id', item('"id":"0","method":"GET","url":"/"'), '#/requests/1/id'],
    ['no method', item('"id":"1","url":"/"'), '#/requests/1/method'],
    ['no url', item('"id":"1","method":"GET"'), '#/requests/1/url'],
    [
      'headers as an array',
      item('"id":"1","method":"GET","url":"/","headers":[]'),
      '#/requests/1/headers',
    ],
    [
      'a number as a header',
      item('"id":"1","method":"GET","url":"/","headers":{"a/b~c":1}'),
      '#/requests/1/headers/a~1b~0c',
    ],
    [
      'dependsOn as a string',
      item('"id":"1","method":"GET","url":"/","dependsOn":"0"'),
      '#/requests/1/dependsOn',
    ],
    [
      'dependsOn an unknown id',
      item('"id":"1","method":"GET","url":"/","dependsOn":["9"]'),
      '#/requests/1/dependsOn/0',
    ],
    [
      'dependsOn itself',
      item('"id":"1","method":"GET","url":"/","dependsOn":["0","1"]'),
      '#/requests/1/dependsOn/1',
    ],
    [
      'dependsOn a later item',
      item(
        '"id":"1","method":"GET","url":"/","dependsOn":["2"]},{"id":"2","method":"GET","url":"/"',
      ),
      '#/requests/1/dependsOn/0',
    ],
  ])('%s is answered 400 naming the member', async (_, text, pointer) => {
    const problem = await refusalOfText(text);

    expect(problem.status).toBe(400);
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
    expect(problem.detail).toContain(problem.errors?.[0]?.detail);
  });

  test('a pointer survives a name that is no Unicode', async () => {
    const problem = await refusalOfText(
      '{"requests":[{"id":"0","method":"GET","url":"/","headers":{"\\ud800":1}}]}',
    );

    expect(problem.errors?.[0]?.pointer).toBe('#/requests/0/headers/%EF%BF%BD');
  });

  test('it is reported', async () => {
    const { handle, events } = aServer();

    await handle(aRawBatch('{'));

    expect(events).toEqual([{ type: 'refused', status: 400, detail: expect.any(String) }]);
  });
});

describe('a batch that is taken', () => {
  test('a byte order mark, white space and unknown members do no harm', async () => {
    const { handle } = aServer();
    const text =
      '\ufeff { "x": [1], "requests" : [ { "id":"a", "y":{}, "method":"get", "url":"/a" } ] } ';

    const parts = await partsOf(await handle(aRawBatch(text)));

    expect(parts).toMatchObject([{ id: 'a', status: 200, body: { path: '/a' } }]);
  });

  test('null stands for a member left out', async () => {
    const { handle } = aServer();
    const item = aGet('/a', { headers: null, dependsOn: null, atomicityGroup: null, body: null });

    const parts = await partsOf(await handle(aBatch([item])));

    expect(parts).toMatchObject([{ status: 200 }]);
  });

  test('without items it is answered without responses', async () => {
    const { handle } = aServer();

    const { responses, stats } = await wholeOf(await handle(aBatch([])));

    expect(responses).toEqual([]);
    expect(stats).toMatchObject({ total: 0, succeeded: 0, failed: 0, averageMs: 0 });
  });

  test('its answer is what the schema of answers says', async () => {
    const { handle } = aServer();

    const whole = await wholeOf(await handle(aBatch([aGet('/a'), aGet('//b'), aGet('/a')])));

    expect(batchResponse.parse(whole)).toEqual(whole);
    expect(whole.stats).toEqual({
      total: 3,
      succeeded: 2,
      failed: 1,
      deduplicated: 1,
      cacheHits: 0,
      durationMs: expect.any(Number),
      averageMs: expect.any(Number),
      processedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  test('atomicityGroup is answered 501, and 424 what depends on the group', async () => {
    const { handle, seen } = aServer();

    const parts = await partsOf(
      await handle(
        aBatch([aGet('/a', { atomicityGroup: 'g' }), aGet('/b', { dependsOn: ['g'] }), aGet('/c')]),
      ),
    );

    expect(parts.map(({ status }) => status)).toEqual([501, 424, 200]);
    expect(seen).toHaveLength(1);
  });

  test('an unknown method costs its own item only', async () => {
    const { handle } = aServer();

    const parts = await partsOf(await handle(aBatch([{ method: 'TRACE', url: '/a' }, aGet('/b')])));

    expect(parts.map(({ status }) => status)).toEqual([400, 200]);
  });
});
