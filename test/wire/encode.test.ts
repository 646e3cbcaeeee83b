import { describe, expect, it } from 'vitest';
import type { Call } from '../../src/core/types.ts';
import { encodeBatch } from '../../src/wire/encode.ts';
import { aCall } from '../support/calls.ts';

const encode = (...calls: Partial<Call>[]): ReturnType<typeof encodeBatch> =>
  encodeBatch(calls.map((call, id) => ({ id, call: aCall(call) })));

const itemsOf = ({ body }: { body: string }): { headers?: Record<string, string> }[] =>
  (JSON.parse(body) as { requests: { headers?: Record<string, string> }[] }).requests;

describe('the body of a batch request', () => {
  it('is terse: path and query only, no empty members', () => {
    expect(encode({ url: 'https://app.test/api/1?a=b' }).body).toBe(
      '{"requests":[{"id":"0","method":"GET","url":"/api/1?a=b"}]}',
    );
  });

  it('carries JSON as it is, text as a string, bytes as base64url', () => {
    const typed = (type: string): Partial<Call> => ({
      method: 'POST',
      headers: [['content-type', type]],
    });

    const { body } = encode(
      { ...typed('application/json'), body: '{"n":10000000000000000001}' },
      { ...typed('text/plain'), body: '"quoted"\n' },
      { ...typed('image/png'), body: Uint8Array.of(0xfb, 0xff) },
    );

    expect(body).toContain('"body":{"n":10000000000000000001}}');
    expect(body).toContain(String.raw`"body":"\"quoted\"\n"}`);
    expect(body).toContain('"body":"-_8"}');
  });

  it('says no urgency of normal calls, and leaves a caller’s own alone', () => {
    const items = itemsOf(
      encode(
        { priority: 'normal' },
        { priority: 'critical' },
        { priority: 'low', headers: [['priority', 'u=2, i']] },
      ),
    );

    expect(items.map(({ headers }) => headers?.['priority'])).toEqual([undefined, 'u=0', 'u=2, i']);
  });
});

describe('the head of a batch request', () => {
  it('asks for a stream, or else a buffered answer', () => {
    expect(encode({}).headers).toEqual({
      'content-type': 'application/json',
      accept: 'application/x-ndjson, application/json;q=0.5',
    });
  });

  it('has the urgency of the most urgent call', () => {
    expect(encode({ priority: 'low' }, { priority: 'high' }, {}).headers['priority']).toBe('u=1');
    expect(encode({ priority: 'low' }).headers['priority']).toBe('u=6');
    expect(encode({ priority: 'low' }, {}).headers).not.toHaveProperty('priority');
  });

  it('takes over Authorization, so that gateways see it', () => {
    const call = { headers: [['authorization', 'Bearer t']] } as const;

    const encoded = encode(call, call);

    expect(encoded.headers['authorization']).toBe('Bearer t');
    expect(encoded.body).not.toContain('Bearer');
  });

  it('takes over the x- fields on which all calls agree, and only those', () => {
    const encoded = encode(
      {
        headers: [
          ['x-tenant', 'a'],
          ['x-trace', '1'],
          ['x-mine', '1'],
          ['etag', 'e'],
        ],
      },
      {
        headers: [
          ['x-tenant', 'a'],
          ['x-trace', '2'],
          ['etag', 'e'],
        ],
      },
    );

    expect(encoded.headers).toMatchObject({ 'x-tenant': 'a' });
    expect(encoded.headers).not.toHaveProperty('x-trace');
    expect(encoded.headers).not.toHaveProperty('etag');
    expect(itemsOf(encoded).map(({ headers }) => headers)).toEqual([
      { 'x-trace': '1', 'x-mine': '1', etag: 'e' },
      { 'x-trace': '2', etag: 'e' },
    ]);
  });

  it.each(['x-http-method-override', 'x-method-override', 'x-http-method', 'x-forwarded-for'])(
    'does not take over %s, which would change the request itself',
    (name) => {
      const call = { headers: [[name, 'DELETE']] } as const;

      expect(encode(call, call).headers).not.toHaveProperty(name);
    },
  );
});
