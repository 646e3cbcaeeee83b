import { create as createAxios } from 'axios';
import ky from 'ky';
import createOpenApi from 'openapi-fetch';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CarpoolFetch } from '../../src/index.ts';
import { aClient, url } from '../support/a-client.ts';
import { line, statsLine, type Seen } from '../support/fake-network.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

interface Paths {
  '/api/{n}': {
    get: {
      parameters: { path: { n: number } };
      responses: { 200: { content: { 'application/json': Told } } };
    };
    post: {
      parameters: { path: { n: number } };
      requestBody: { content: { 'application/json': unknown } };
      responses: { 200: { content: { 'application/json': Told } } };
    };
  };
}

/** What the fake server says of each item. */
interface Told {
  url: string;
  method: string;
  body?: unknown;
}

interface Client {
  get: (n: number) => Promise<Told | undefined>;
  post: (n: number, body: unknown, signal?: AbortSignal) => Promise<Told | undefined>;
}

/** The libraries that hand their bodies in inside a Request. */
const clients: Record<string, (fetch: CarpoolFetch) => Client> = {
  ky: (fetch) => {
    const api = ky.create({ fetch, retry: 0 });
    return {
      get: (n) => api.get<Told>(url(`/api/${String(n)}`)).json(),
      post: (n, json, signal = null!) =>
        api.post<Told>(url(`/api/${String(n)}`), { json, signal }).json(),
    };
  },
  axios: (fetch) => {
    const api = createAxios({ adapter: 'fetch', env: { fetch } });
    return {
      get: async (n) => (await api.get<Told>(url(`/api/${String(n)}`))).data,
      post: async (n, body, signal) =>
        (await api.post<Told>(url(`/api/${String(n)}`), body, signal && { signal })).data,
    };
  },
  'openapi-fetch': (fetch) => {
    const api = createOpenApi<Paths>({ baseUrl: url(''), fetch });
    return {
      get: async (n) => (await api.GET('/api/{n}', { params: { path: { n } } })).data,
      post: async (n, body, signal = null!) =>
        (await api.POST('/api/{n}', { params: { path: { n } }, body, signal })).data,
    };
  },
};

function tell(seen: Seen): Response {
  if (!seen.items) {
    const { pathname } = new URL(seen.url);
    return Response.json({
      url: pathname,
      method: seen.method,
      ...(seen.body && { body: JSON.parse(seen.body) as unknown }),
    });
  }
  const lines = seen.items.map(({ id, url: path, method, body }) =>
    line(id, 200, { url: path, method, body }),
  );
  return new Response(lines.join('') + statsLine, {
    headers: { 'content-type': 'application/x-ndjson' },
  });
}

describe.each(Object.entries(clients))('calls of %s', (_, toClient) => {
  it('ride together, bodies included', async () => {
    const { fallbacks, fetch, seen } = aClient({}, tell);
    const client = toClient(fetch);

    const told = await Promise.all([
      client.get(1),
      client.post(2, { a: 'é' }),
      client.post(3, [3]),
      client.get(4),
    ]);

    expect(told).toEqual([
      { url: '/api/1', method: 'GET' },
      { url: '/api/2', method: 'POST', body: { a: 'é' } },
      { url: '/api/3', method: 'POST', body: [3] },
      { url: '/api/4', method: 'GET' },
    ]);
    expect(fallbacks).toEqual([]);
    expect(seen).toHaveLength(1);
  });

  it('that are too large go past, bodies intact', async () => {
    const { fallbacks, fetch, natives } = aClient({ maxBodyBytes: 100 }, tell);
    const body = { a: 'x'.repeat(200_000) };

    const told = await toClient(fetch).post(1, body);

    expect(told?.body).toEqual(body);
    expect(fallbacks.map(({ reason }) => reason)).toEqual(['body-size']);
    expect(natives()).toHaveLength(1);
  });

  it('are rejected when they are aborted', async () => {
    const { fetch, seen } = aClient({}, tell);
    const controller = new AbortController();

    const call = toClient(fetch).post(1, {}, controller.signal);
    controller.abort();

    await expect(call).rejects.toMatchObject({
      name: expect.stringMatching(/^(?:Abort|Cancel)/) as string,
    });
    expect(seen).toEqual([]);
  });
});

describe('the client’s own ky', () => {
  it('tries once, whatever the answer', async () => {
    const { carpool, seen } = aClient({}, () => new Response('busy', { status: 503 }));

    await expect(carpool.api.get(url('/a'))).rejects.toMatchObject({
      response: { status: 503 },
    });

    expect(seen).toHaveLength(1);
  });

  it('is one instance', () => {
    const { carpool } = aClient();

    expect(carpool.api).toBe(carpool.api);
  });
});
