import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call } from '../../src/core/types.ts';
import { encodeBatch, sizeOf, urgencies } from '../../src/wire/encode.ts';
import { bodyKind } from '../../src/wire/media.ts';
import { calls } from '../support/calls-arbitrary.ts';

interface Item {
  id: string;
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: unknown;
}

const encode = (list: readonly Call[]): { headers: Record<string, string>; items: Item[] } => {
  const { headers, body } = encodeBatch(list.map((call, id) => ({ id, call })));
  return { headers, items: (JSON.parse(body) as { requests: Item[] }).requests };
};

const sorted = (fields: Iterable<[string, string]>): [string, string][] =>
  [...fields].sort(([a], [b]) => (a < b ? -1 : 1));

/** The header fields of an item as the server takes them: its own, before those of the request. */
function fieldsOf({ headers: own = {} }: Item, shared: Record<string, string>): [string, string][] {
  const envelope = new Set(['content-type', 'accept', 'priority']);
  const inherited = Object.entries(shared).filter(([name]) => !envelope.has(name));
  return sorted(new Map([...inherited, ...Object.entries(own)]));
}

/** The fields the call asked for, and the priority that the wire adds. */
function expectedFields({ headers, priority }: Call): [string, string][] {
  const fields = new Map(headers);
  if (priority !== 'normal' && !fields.has('priority')) {
    fields.set('priority', `u=${String(urgencies[priority])}`);
  }
  return sorted(fields);
}

function expectedBody({ body, headers }: Call): unknown {
  if (body === null) return undefined;
  if (typeof body !== 'string') return Buffer.from(body).toString('base64url');
  const type = headers.find(([name]) => name === 'content-type')?.[1];
  return bodyKind(type) === 'json' ? (JSON.parse(body) as unknown) : body;
}

describe('the body of a batch request', () => {
  it('says of each call what its caller said', () => {
    fc.assert(
      fc.property(calls({ minLength: 1 }), (list) => {
        const { headers, items } = encode(list);

        expect(items.map(({ id, method, url }) => [id, method, url])).toEqual(
          list.map(({ method, url }, id) => [
            String(id),
            method,
            url.slice('https://app.test'.length),
          ]),
        );
        expect(items.map((item) => fieldsOf(item, headers))).toEqual(list.map(expectedFields));
        expect(items.map(({ body }) => body)).toEqual(list.map(expectedBody));
      }),
    );
  });

  it('carries JSON as the text the caller wrote', () => {
    fc.assert(
      fc.property(calls({ minLength: 1 }), (list) => {
        const { body } = encodeBatch(list.map((call, id) => ({ id, call })));

        for (const { headers, body: own } of list) {
          const type = headers.find(([name]) => name === 'content-type')?.[1];
          if (bodyKind(type) === 'json') expect(body).toContain(`,"body":${own as string}}`);
        }
      }),
    );
  });

  it('is never larger than what was reckoned for its calls', () => {
    const envelope = '{"requests":[]}'.length;
    fc.assert(
      fc.property(calls({ minLength: 1, maxLength: 3 }), (list) => {
        const { body } = encodeBatch(list.map((call, id) => ({ id: id + 99_990, call })));

        const reckoned = list.reduce((sum, call) => sum + sizeOf(call), envelope);
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(reckoned);
      }),
    );
  });
});
