import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { memberOf } from '../../src/wire/raw-json.ts';
import { aRawBatch, aServer, linesOf, streamed, wholeOf } from './support.ts';

/** JSON text as `JSON.stringify` never writes it: wide numbers, white space, escapes, any order. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('null', 'true', 'false', '0', '-0', '1.0', '12345678901234567890', '1E400'),
    fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
    fc.constantFrom('"\\u00e9"', '"\\ud800"', '"\\/"', '"\u2028"', '"]}"', '"{\\"["'),
    fc.array(tie('value'), { maxLength: 4 }).map((values) => `[ ${values.join(' ,\t')} ]`),
    fc
      .array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 })
      .map((members) => `{${members.map(([k, v]) => `${JSON.stringify(k)} : ${v}`).join(', ')}}`),
  ),
})).value;

interface Plan {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly request: string;
  readonly response: string;
  readonly status: number;
  readonly delay: number;
  readonly dependsOn: readonly number[];
  readonly urgency: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  path: fc.constantFrom('/a', '/b', '/c', '/d', '//refused', '/a/../b'),
  method: fc.constantFrom('GET', 'POST'),
  request: jsonText,
  response: jsonText,
  status: fc.constantFrom(200, 200, 200, 201, 404, 500),
  delay: fc.nat(3),
  dependsOn: fc.array(fc.nat(20), { maxLength: 2 }),
  urgency: fc.nat(7),
});

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
};

test('every id is answered exactly once, in both forms, and JSON arrives byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 12 }),
      fc.array(plan, { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom({}, streamed, { ...streamed, 'accept-encoding': 'gzip' }),
      async (ids, plans, concurrency, form) => {
        let running = 0;
        const received = new Map<string, string>();
        const { handle } = aServer(
          async (request) => {
            expect(++running).toBeLessThanOrEqual(concurrency);
            const {
              response,
              status,
              delay,
              request: sent,
            } = plans[Number(request.headers.get('x-n'))]!;
            if (request.method === 'POST') expect(await request.text()).toBe(sent);
            await turns(delay);
            running--;
            return new Response(response, {
              status,
              headers: { 'content-type': 'application/json' },
            });
          },
          { concurrency, dedupe: false },
        );
        const requests = ids.map((id, n) => {
          const { path, method, request, dependsOn, urgency } = plans[n]!;
          const earlier = dependsOn.filter((index) => index < n).map((index) => ids[index]!);
          const head = JSON.stringify({
            id,
            method,
            url: path,
            headers: {
              'x-n': String(n),
              priority: `u=${String(urgency)}`,
              'content-type': 'application/json',
            },
            dependsOn: earlier,
          });
          return method === 'POST' ? `${head.slice(0, -1)}, "body" : ${request} }` : head;
        });

        const response = await handle(aRawBatch(`{"requests":[${requests.join(',')}]}`, form));
        const body = response.headers.has('content-encoding')
          ? response.body!.pipeThrough(new DecompressionStream('gzip'))
          : response.body;
        const text = await new Response(body).text();
        const isStream = response.headers.get('content-type') === 'application/x-ndjson';
        const { answers, stats } = isStream
          ? await linesOf(new Response(text)).then(({ parts, stats: figures }) => ({
              answers: parts,
              stats: figures,
            }))
          : await wholeOf(new Response(text)).then(({ responses, stats: figures }) => ({
              answers: responses,
              stats: figures,
            }));
        if (isStream) {
          for (const line of text.trim().split('\n').slice(0, -1)) {
            const bytes = new TextEncoder().encode(line);
            const extent = memberOf(bytes, 0, 'body')!;
            received.set(
              (JSON.parse(line) as { id: string }).id,
              new TextDecoder('utf-8', { ignoreBOM: true }).decode(
                bytes.subarray(extent.start, extent.end),
              ),
            );
          }
        }

        expect(answers.map(({ id }) => id).sort()).toEqual([...ids].sort());
        const statuses = new Map(answers.map(({ id, status }) => [id, status]));
        for (const [n, id] of ids.entries()) {
          const { path, status, response: sent, dependsOn } = plans[n]!;
          const isRefused = path === '//refused' || path === '/a/../b';
          const hasFailedBefore = dependsOn.some(
            (index) => index < n && index < ids.length && statuses.get(ids[index]!)! >= 400,
          );
          if (isRefused) expect([400, 424]).toContain(statuses.get(id));
          else expect(statuses.get(id)).toBe(hasFailedBefore ? 424 : status);
          if (isStream && !isRefused && !hasFailedBefore) expect(received.get(id)).toBe(sent);
        }
        const failed = answers.filter(({ status }) => status >= 400).length;
        expect(stats).toMatchObject({ total: ids.length, failed, succeeded: ids.length - failed });
      },
    ),
    { numRuns: 200 },
  );
});

test('merging identical GETs changes no answer', async () => {
  const dispatch = (request: Request): Response =>
    Response.json({ url: request.url, x: request.headers.get('x-a'), method: request.method });
  const item = fc.record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST'),
    url: fc.constantFrom('/a', '/b', '/a?x'),
    headers: fc.constantFrom({}, { 'x-a': '1' }, { 'X-A': '1' }, { 'x-a': '2' }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 15 }), async (items) => {
      const text = JSON.stringify({
        requests: items.map((one, id) => ({ id: String(id), ...one })),
      });
      const merging = aServer(dispatch);
      const plain = aServer(dispatch, { dedupe: false });

      const merged = await wholeOf(await merging.handle(aRawBatch(text)));
      const each = await wholeOf(await plain.handle(aRawBatch(text)));

      expect(merged.responses).toEqual(each.responses);
      expect(merged.stats['deduplicated']).toBe(items.length - merging.seen.length);
      expect(merging.seen.filter(({ method }) => method === 'POST')).toHaveLength(
        items.filter(({ method }) => method === 'POST').length,
      );
    }),
  );
});
