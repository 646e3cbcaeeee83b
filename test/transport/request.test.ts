import { describe, expect, it } from 'vitest';
import { aTransport, endpoint, to } from '../support/a-transport.ts';

describe('a batch request', () => {
  it('is one POST of JSON to the endpoint, asking for a stream', async () => {
    const { ride, sent } = aTransport();

    await ride([to('/a'), to('/b')]);

    expect(sent).toHaveLength(1);
    const { request, items } = sent[0]!;
    expect([request.method, request.url]).toEqual(['POST', endpoint]);
    expect(request.headers.get('content-type')).toBe('application/json');
    expect(request.headers.get('accept')).toBe('application/x-ndjson, application/json;q=0.5');
    expect(items.map(({ id, url }) => [id, url])).toEqual([
      ['0', '/a'],
      ['1', '/b'],
    ]);
  });

  it.each(['omit', 'same-origin', 'include'] as const)(
    'has its calls’ credentials: %s',
    async (credentials) => {
      const { ride, sent } = aTransport();

      await ride([to('/a', { credentials })]);

      expect(sent[0]?.request.credentials).toBe(credentials);
    },
  );

  it('carries shared headers in its head', async () => {
    const { ride, sent } = aTransport();
    const headers = [
      ['authorization', 'Bearer t'],
      ['x-csrf', 'c'],
    ] as const;

    await ride([to('/a', { headers }), to('/b', { headers })]);

    expect(sent[0]?.request.headers.get('authorization')).toBe('Bearer t');
    expect(sent[0]?.request.headers.get('x-csrf')).toBe('c');
    expect(sent[0]?.items.map((item) => item.headers)).toEqual([undefined, undefined]);
  });

  it('says the urgency of its most urgent call', async () => {
    const { ride, sent } = aTransport();

    await ride([to('/a', { priority: 'low' }), to('/b', { priority: 'critical' })]);

    expect(sent[0]?.request.headers.get('priority')).toBe('u=0');
  });

  it('outlives the page only where it is told to', async () => {
    const { ride, sent } = aTransport();

    await ride([to('/a')]);
    await ride([to('/a')], { keepalive: true });

    expect(sent.map(({ request }) => request.keepalive)).toEqual([false, true]);
  });

  it('goes past any client that may stand below', async () => {
    const { ride, sent } = aTransport();

    await ride([to('/a')]);

    expect(sent[0]?.init).toMatchObject({ carpool: { batch: false } });
  });

  it('is sent once, even where it fails', async () => {
    const { ride, sent } = aTransport(() => Promise.reject(new TypeError('fetch failed')));

    await ride([to('/a')]);

    expect(sent).toHaveLength(1);
  });
});
