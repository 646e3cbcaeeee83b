import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { aRawBatch, aServer, streamed } from './support.ts';

const valid = JSON.stringify({
  requests: [
    { id: '0', method: 'GET', url: '/a?b=c', headers: { accept: '*/*', 'x-a': 'é' } },
    {
      id: '1',
      method: 'POST',
      url: '/b',
      headers: { 'content-type': 'application/json' },
      body: { n: 1, s: '\\"', a: [[], {}] },
      dependsOn: ['0'],
    },
    { id: '2', method: 'PUT', url: '/c', headers: { 'content-type': 'image/png' }, body: '-_8' },
  ],
});

/** Whatever comes in: an answer that is 200 or a refusal, never a failure of the handler itself. */
async function expectNoFailure(
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<void> {
  const { handle, events } = aServer((request) => new Response(request.body), { maxDepth: 16 });
  const response = await handle(aRawBatch(body, headers));
  const text = await response.text();

  expect([200, 400, 413, 415]).toContain(response.status);
  expect(events.filter(({ type }) => type === 'error' || type === 'timeout')).toEqual([]);
  if (response.status !== 200) expect(JSON.parse(text)).toMatchObject({ status: response.status });
  else for (const line of text.split('\n')) if (line !== '') JSON.parse(line);
}

test('random bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) =>
      expectNoFailure(new Uint8Array(bytes)),
    ),
  );
});

test('a valid batch with some bytes changed, dropped, doubled or put in', async () => {
  const bytes = new TextEncoder().encode(valid);
  const hostile = fc.constantFrom(
    ...new TextEncoder().encode('"\\{}[],:.-+eE0u\n\r\t \0%/é'),
    0xff,
  );
  const edit = fc.record({
    at: fc.nat(bytes.length - 1),
    drop: fc.nat(3),
    put: fc.array(hostile, { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(edit, { minLength: 1, maxLength: 5 }),
      fc.constantFrom({}, streamed),
      async (edits, headers) => {
        const changed = [...bytes];
        for (const { at, drop, put } of edits) changed.splice(at, drop, ...put);
        await expectNoFailure(new Uint8Array(changed), headers);
      },
    ),
    { numRuns: 1000 },
  );
});

test('any JSON value in any place', async () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('0', '1', 'GET', 'POST', '/a', '//x', '', '__proto__', 'constructor'),
  );
  const member = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: anything });
  const text = fc.string({ unit: 'binary', maxLength: 12 });
  const item = fc.record(
    {
      id: member(text),
      method: member(fc.constantFrom('GET', 'post', 'PUT', 'HEAD', 'DELETE', 'TRACE', 'CONNECT')),
      url: member(
        fc.oneof(
          text,
          text.map((path) => `/${path}`),
          fc.webUrl(),
        ),
      ),
      headers: member(
        fc.dictionary(
          fc.oneof(text, fc.constantFrom('content-type', 'accept', 'cookie', 'x-a', '__proto__')),
          fc.oneof(text, fc.constantFrom('application/json', 'text/plain', 'image/png')),
        ),
      ),
      body: anything,
      dependsOn: member(fc.array(fc.constantFrom('0', '1', ''), { maxLength: 2 })),
      atomicityGroup: anything,
    },
    { requiredKeys: ['id', 'method', 'url'] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        anything.map((value) => JSON.stringify(value)),
        fc.array(member(item), { maxLength: 5 }).map((requests) => JSON.stringify({ requests })),
      ),
      fc.constantFrom({}, streamed),
      expectNoFailure,
    ),
    { numRuns: 1000 },
  );
});

test.each([
  ['a string without end', `{"requests":[{"id":"${'a'.repeat(500_000)}`],
  ['backslashes without end', `{"requests":["${'\\'.repeat(500_001)}`],
  ['members without end', `{"requests":[{${'"a":1,'.repeat(100_000)}`],
  [
    'the same member over and over',
    `{"requests":[{${'"body":1,'.repeat(50_000)}"id":"0","method":"POST","url":"/a"}]}`,
  ],
  [
    'a number as long as the batch',
    `{"requests":[{"id":"0","method":"POST","url":"/a","body":${'9'.repeat(500_000)}}]}`,
  ],
  ['commas', `{"requests":[${','.repeat(500_000)}]}`],
  ['closing brackets', ']}'.repeat(300_000)],
  ['empty items', `{"requests":[${'{},'.repeat(200_000)}{}]}`],
  [
    'many headers',
    JSON.stringify({
      requests: [
        {
          id: '0',
          method: 'GET',
          url: '/a',
          headers: Object.fromEntries(
            Array.from({ length: 30_000 }, (_, i) => [`x-${String(i)}`, '1']),
          ),
        },
      ],
    }),
  ],
  [
    'many dependencies',
    JSON.stringify({
      requests: [
        { id: '0', method: 'GET', url: '/a' },
        {
          id: '1',
          method: 'GET',
          url: '/a',
          dependsOn: Array.from({ length: 100_000 }, () => '0'),
        },
      ],
    }),
  ],
  [
    'many dependencies on a group',
    JSON.stringify({
      requests: [
        ...Array.from({ length: 99 }, (_, i) => ({
          id: String(i),
          method: 'GET',
          url: '/a',
          atomicityGroup: 'g',
        })),
        {
          id: 'x',
          method: 'GET',
          url: '/a',
          dependsOn: Array.from({ length: 100_000 }, () => 'g'),
        },
      ],
    }),
  ],
])('%s', async (_, text) => {
  await expectNoFailure(text);
});
