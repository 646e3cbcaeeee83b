import { describe, expect, it } from 'vitest';
import { BatchError } from '../../src/core/errors.ts';
import { aTransport, ndjson, to } from '../support/a-transport.ts';
import { textOf } from '../support/calls.ts';

const answering = (status: number, body: BodyInit = 'why', headers: HeadersInit = {}) =>
  aTransport(() => new Response(body, { status, headers }));

/** A body that breaks off behind its first bytes. */
const broken = (): ReadableStream<Uint8Array> => {
  let n = 0;
  return new ReadableStream({
    pull(controller) {
      if (n++ === 0) controller.enqueue(new TextEncoder().encode('half'));
      else controller.error(new TypeError('terminated'));
    },
  });
};

describe.each([401, 403, 429, 500, 502, 503, 504])('a batch that is answered %s', (status) => {
  it('answers each of its calls with that', async () => {
    const { events, ride } = answering(status, '{"a":1}', { 'retry-after': '7' });

    const { parts, error } = await ride([to('/a'), to('/b')]);

    expect(error).toBeUndefined();
    expect(
      parts.map(({ id, reply }) => [id, reply?.status, textOf(reply!.body), reply?.url]),
    ).toEqual([
      [0, status, '{"a":1}', 'https://app.test/a'],
      [1, status, '{"a":1}', 'https://app.test/b'],
    ]);
    expect(parts[0]?.reply?.headers).toContainEqual(['retry-after', '7']);
    expect(parts[0]?.reply?.redirected).toBe(false);
    expect(events[0]).toMatchObject({ status, answered: 2, bytesDown: '{"a":1}'.length });
  });
});

it('a batch whose `fetch` answers with nothing, as a mock that was not set up does, fails', async () => {
  const { ride } = aTransport(() => undefined as unknown as Response);

  const { error } = await ride([to('/a'), to('/b')]);

  expect(error).toBeInstanceOf(BatchError);
  expect(error).toMatchObject({ code: 'network', cause: expect.any(TypeError) as TypeError });
});

describe('a whole answer', () => {
  it('has no body for a HEAD', async () => {
    const { ride } = answering(503);

    const { parts } = await ride([to('/a', { method: 'HEAD' }), to('/b')]);

    expect(parts.map(({ reply }) => textOf(reply!.body))).toEqual([null, 'why']);
  });
});

describe.each([
  [400, /response of the endpoint/],
  [404, /mount a batch handler/],
  [405, /mount a batch handler/],
  [409, /response of the endpoint/],
  [413, /maxItems/],
  [415, /response of the endpoint/],
  [422, /response of the endpoint/],
  [501, /mount a batch handler/],
])('a batch that is answered %s', (status, remedy) => {
  it('fails, saying so, what it was, and what to do', async () => {
    const { events, ride } = answering(status, 'the reason');

    const { parts, error } = await ride([to('/a')], { id: 'b7' });

    expect(parts).toEqual([]);
    expect(error).toBeInstanceOf(BatchError);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'status', status, batchId: 'b7' });
    const { message, cause } = error as Error;
    expect(message).toMatch(remedy);
    expect(message).toContain(
      `b7 of 1 calls to https://app.test/batch was answered ${String(status)}`,
    );
    expect(cause).toMatchObject({ message: 'the reason' });
    expect(events[0]).toMatchObject({ status, answered: 0, error });
  });
});

describe('a whole answer whose body breaks off', () => {
  it('fails as a network error, where it would have been the answer', async () => {
    const { ride } = answering(503, broken());

    const { error } = await ride([to('/a')]);

    expect(error).toBeInstanceOf(BatchError);
    expect(error).toMatchObject({ code: 'network', status: 503, batchId: 'b1' });
    expect((error as Error).cause).toBeInstanceOf(TypeError);
  });

  it('fails by its status, where that says enough', async () => {
    const { ride } = answering(404, broken());

    const { error } = await ride([to('/a')]);

    expect(error).toMatchObject({ code: 'status', status: 404, batchId: 'b1' });
  });
});

describe('a request that can not be sent', () => {
  it('fails as a network error, with its cause', async () => {
    const cause = new TypeError('fetch failed');
    const { events, ride } = aTransport(() => Promise.reject(cause));

    const { error } = await ride([to('/a'), to('/b')]);

    expect(error).toMatchObject({ code: 'network', batchId: 'b1' });
    expect((error as Error).message).toContain('could not be sent');
    const chain = [(error as Error).cause, ((error as Error).cause as Error).cause];
    expect(chain).toContain(cause);
    expect(events[0]?.error).toBe(error);
    expect(events[0]?.status).toBeUndefined();
  });
});

describe('an answer of another kind', () => {
  it.each([
    ['text/html', '<html>', 'text/html'],
    ['application/jsonp', '{}', 'application/jsonp'],
    ['', '', 'no content type'],
  ])('fails as a protocol error: %s', async (type, body, said) => {
    const { ride } = aTransport(() => {
      const response = new Response(body);
      if (type) response.headers.set('content-type', type);
      else response.headers.delete('content-type');
      return response;
    });

    const { error } = await ride([to('/a')]);

    expect(error).toMatchObject({ code: 'protocol', status: 200 });
    expect(((error as Error).cause as Error).message).toContain(`got ${said}`);
  });

  it.each(['application/x-ndjson; charset=utf-8', 'Application/X-NDJSON', ' application/x-ndjson'])(
    'is none for its spelling: %s',
    async (type) => {
      const { ride } = aTransport(() =>
        ndjson('{"id":"0","status":204}\n', { 'content-type': type }),
      );

      const { error } = await ride([to('/a')]);

      expect(error).toBeUndefined();
    },
  );
});
