import { describe, expect, it } from 'vitest';
import { explainListenError, readPort } from '../../demo/server/port.ts';
import { createWidget } from '../../demo/server/widgets/create-widget.ts';
import { aDemoServer } from '../support/a-demo-server.ts';
import { patiently } from '../support/some-jobs.ts';

const aBatch = (urls: readonly string[]) =>
  aDemoServer().send('POST', '/batch', {
    requests: urls.map((url, index) => ({ id: String(index), method: 'GET', url })),
  });

describe('widgets', () => {
  it('are 1 to 4 kB of JSON each, the same every time', () => {
    for (let id = 1; id <= 300; id++) {
      const body = JSON.stringify(createWidget(id));

      const bytes = new TextEncoder().encode(body).length;
      expect(bytes, `widget ${id}`).toBeGreaterThanOrEqual(1000);
      expect(bytes, `widget ${id}`).toBeLessThanOrEqual(4096);
      expect(body).toBe(JSON.stringify(createWidget(id)));
    }
  });

  it('come in eight kinds', () => {
    const kinds = Array.from({ length: 42 }, (_, index) => createWidget(index + 1).kind);

    expect(new Set(kinds).size).toBe(8);
  });

  it.each([0, -1, 1.5, 10_001, NaN])('there is none with the id %s', (id) => {
    expect(() => createWidget(id)).toThrow(RangeError);
  });
});

describe('GET /api/widgets/:id', () => {
  it('answers with the widget, not to be stored', async () => {
    const response = await aDemoServer().ask(`/api/widgets/7`);

    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual(createWidget(7));
  });

  it.each(['0', '10001', '1e1', '07', 'x', '-1'])('%s is 404 with a problem', async (id) => {
    const response = await aDemoServer().ask(`/api/widgets/${id}`);

    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each(['delay=10001', 'delay=-1', 'delay=', 'delay=1e3', 'straggler=soon', 'straggler=1.5'])(
    '?%s is 400 with a problem that names it',
    async (query) => {
      const response = await aDemoServer().ask(`/api/widgets/1?${query}`);

      expect(response.status).toBe(400);
      const [name = ''] = query.split('=');
      expect(await response.json()).toMatchObject({
        status: 400,
        detail: expect.stringContaining(`${name} must be whole milliseconds from 0 to 10000`),
      });
    },
  );

  it('may be kept for as long as ?maxAge= says, under its tags', async () => {
    const response = await aDemoServer().ask(`/api/widgets/7?maxAge=120`);

    expect(response.headers.get('cache-control')).toBe('private, max-age=120');
    expect(response.headers.get('cache-tag')).toBe('widgets, widget-7');
  });

  it.each(['maxAge=', 'maxAge=-1', 'maxAge=1.5', 'maxAge=86401', 'maxAge=2m'])(
    '?%s is 400 with a problem that names it',
    async (query) => {
      const response = await aDemoServer().ask(`/api/widgets/1?${query}`);

      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        detail: expect.stringContaining('maxAge must be whole seconds from 0 to 86400'),
      });
    },
  );

  it('has a validator, the same for the same widget', async () => {
    const api = aDemoServer();

    const one = await api.ask(`/api/widgets/1`);
    const again = await api.ask(`/api/widgets/1?maxAge=10`);
    const two = await api.ask(`/api/widgets/2`);

    expect(one.headers.get('etag')).toMatch(/^W\/"[^"]+"$/);
    expect(again.headers.get('etag')).toBe(one.headers.get('etag'));
    expect(two.headers.get('etag')).not.toBe(one.headers.get('etag'));
  });

  it('is 304 to who has it, with what freshens it and without a body', async () => {
    const app = aDemoServer();
    const url = `/api/widgets/7?maxAge=120`;
    const etag = (await app.ask(url)).headers.get('etag') ?? '';

    const response = await app.ask(url, {
      headers: { 'if-none-match': `"another", ${etag.slice('W/'.length)}` },
    });

    expect(response.status).toBe(304);
    expect(response.body).toBeNull();
    expect(response.headers.get('etag')).toBe(etag);
    expect(response.headers.get('cache-control')).toBe('private, max-age=120');
    expect(response.headers.get('cache-tag')).toBe('widgets, widget-7');
  });

  it('stops waiting when the client goes away', async () => {
    const controller = new AbortController();
    const { ask, lines } = aDemoServer();
    const open = async () =>
      ((await (await ask('/api/stats')).json()) as { readonly open: number }).open;

    const answer = ask('/api/widgets/1?delay=10000', { signal: controller.signal });
    while ((await open()) === 0);
    controller.abort();

    await expect(answer).rejects.toThrow('aborted');
    // The wait that is over says so, and 200 if it wasn't the abort that ended it.
    const ended = () => lines.find(({ route }) => route === '/api/widgets/:id');
    await expect.poll(ended, patiently).toMatchObject({ status: 499 });
  });
});

describe('POST /batch', () => {
  it('answers with the same widgets as the endpoints themselves', async () => {
    const response = await aBatch(['/api/widgets/1', '/api/widgets/2?delay=1']);

    const { responses } = (await response.json()) as {
      responses: { id: string; status: number; body: unknown }[];
    };
    expect(response.status).toBe(200);
    expect(responses.find(({ id }) => id === '0')?.body).toEqual(createWidget(1));
    expect(responses.find(({ id }) => id === '1')?.body).toEqual(createWidget(2));
  });

  it('an item that its client has is 304 on its own', async () => {
    const etag = (await aDemoServer().ask(`/api/widgets/1`)).headers.get('etag') ?? '';

    const response = await aDemoServer().send('POST', '/batch', {
      requests: [1, 2].map((id) => ({
        id: String(id),
        method: 'GET',
        url: `/api/widgets/${id}`,
        headers: { 'if-none-match': etag },
      })),
    });

    const { responses } = (await response.json()) as {
      responses: { id: string; status: number }[];
    };
    const statuses = new Map(responses.map(({ id, status }) => [id, status]));
    expect(statuses.get('1')).toBe(304);
    expect(statuses.get('2')).toBe(200);
  });

  it('an item that fails fails alone', async () => {
    const response = await aBatch(['/api/widgets/1?delay=x', '/api/widgets/2']);

    const { responses } = (await response.json()) as {
      responses: { id: string; status: number }[];
    };
    const statuses = new Map(responses.map(({ id, status }) => [id, status]));
    expect(statuses.get('0')).toBe(400);
    expect(statuses.get('1')).toBe(200);
  });
});

describe('the page', () => {
  it('comes with a policy that allows nothing inline', async () => {
    const response = await aDemoServer().ask(`/`);

    const policy = response.headers.get('content-security-policy');
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  it.each(['/nothing-here', '/../package.json', '/%2e%2e/%2e%2e/package.json', '/server/main.ts'])(
    '%s is not served',
    async (path) => {
      const response = await aDemoServer().ask(path);

      expect(response.status).toBe(404);
    },
  );
});

describe('GET /api/stats', () => {
  it('reads the counter, and DELETE resets it', async () => {
    const app = aDemoServer();

    const counts = await (await app.ask(`/api/stats`)).json();
    const reset = await app.ask(`/api/stats`, { method: 'DELETE' });

    expect(counts).toMatchObject({ requests: 0, batches: 0, bytesUp: 0, bytesDown: 0 });
    expect(reset.status).toBe(204);
  });
});

describe('PORT', () => {
  it('is read as a number, 8787 without one', () => {
    expect(readPort(undefined, 8787)).toBe(8787);
    expect(readPort('', 8787)).toBe(8787);
    expect(readPort('0', 8787)).toBe(0);
    expect(readPort('3000', 8787)).toBe(3000);
  });

  it.each(['http', '65536', '-1', '80.5'])("'%s' is refused by name", (text) => {
    expect(() => readPort(text, 8787)).toThrow(
      `PORT must be a number from 0 to 65535, got '${text}'`,
    );
  });

  it('a taken port is explained in one line that names it and the way out', () => {
    const error = Object.assign(new Error('listen'), { code: 'EADDRINUSE' });

    expect(explainListenError(error, 8787)).toBe(
      'Port 8787 is taken. Choose another one: PORT=8788 npm start',
    );
    expect(explainListenError(new Error('other'), 8787)).toBeUndefined();
  });
});
