import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import type { Carpool, CarpoolOptions } from 'carpool';

/** What the page knows. */
interface PageGlobals {
  carpool: Carpool;
  told: { outcome: string; url: string }[];
}

/** A page of the server's with a client on it, logged in as `user`. */
async function visit(page: Page, user: string, options: object = {}, origin = ''): Promise<void> {
  // A page of its own that makes no calls; the dashboard's script would.
  await page.route('**/empty.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>empty</title>' }),
  );
  await page.goto(`${origin}/empty.html`);
  const status = await page.evaluate(
    async ([name, given]) => {
      const { createCarpool } = (await import(
        /* @vite-ignore */ `${location.origin}/assets/carpool.min.js`
      )) as { createCarpool: (options: CarpoolOptions) => Carpool };
      const carpool = createCarpool({ endpoint: '/batch', identity: () => name, ...given });
      const told: PageGlobals['told'] = [];
      carpool.on('cache', ({ outcome, url }) => told.push({ outcome, url }));
      Object.assign(window, { carpool, told });
      const response = await carpool.fetch('/api/auth/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: name, password: `${name}-password` }),
        carpool: { batch: false },
      });
      return response.status;
    },
    [user, options] as const,
  );
  expect(status).toBe(200);
}

/** The paths of the requests for data that the browser sends from now on. */
function collect(page: Page): string[] {
  const paths: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === '/batch' || pathname.startsWith('/api/')) paths.push(pathname);
  });
  return paths;
}

test('log in, and what one is shows in a batch', async ({ page }) => {
  await visit(page, 'ann');
  const requests = collect(page);

  const answers = await page.evaluate(async () => {
    const { carpool } = window as unknown as PageGlobals;
    const paths = ['/api/auth/me', '/api/watchlist', '/api/portfolio'];
    const responses = await Promise.all(paths.map((path) => carpool.fetch(path)));
    const [me] = (await Promise.all(responses.map((response) => response.json()))) as unknown[];
    return { me, statuses: responses.map(({ status }) => status) };
  });

  expect(answers).toEqual({
    me: { id: 'ann', name: 'Ann', role: 'user' },
    statuses: [200, 200, 200],
  });
  expect(requests).toEqual(['/batch']);
});

test('a session: made, listed, renamed, with a message, and gone', async ({ page }) => {
  await visit(page, 'bob', { cache: {} });

  const seen = await page.evaluate(async () => {
    const { carpool } = window as unknown as PageGlobals;
    const send = (method: string, path: string, body?: object) =>
      carpool.fetch(path, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    const titles = async () => {
      const { sessions } = (await (await carpool.fetch('/api/sessions')).json()) as {
        sessions: { title: string }[];
      };
      return sessions.map(({ title }) => title);
    };
    const id = `e2e-${crypto.randomUUID()}`;
    const before = await titles();
    const made = await send('POST', '/api/sessions', { id, title: 'From the browser' });
    const again = await send('POST', '/api/sessions', { id, title: 'From the browser' });
    const after = await titles();
    await send('PATCH', `/api/sessions/${id}`, { title: 'Renamed' });
    const said = await send('POST', `/api/sessions/${id}/messages`, { text: 'Hello' });
    const renamed = await titles();
    const gone = await send('DELETE', `/api/sessions/${id}`);
    const read = await carpool.fetch(`/api/sessions/${id}`);
    return {
      statuses: [made, again, said, gone, read].map(({ status }) => status),
      lists: [before, after, renamed].map((list) => [
        list.includes('From the browser'),
        list.includes('Renamed'),
      ]),
    };
  });

  expect(seen.statuses).toEqual([201, 409, 201, 204, 404]);
  expect(seen.lists).toEqual([
    [false, false],
    [true, false],
    [false, true],
  ]);
});

test('quotes are kept for as long as the server says, and forgotten when it says so', async ({
  page,
}) => {
  await visit(page, 'ann', { cache: {} });
  const requests = collect(page);
  const read = () =>
    page.evaluate(async () => {
      const { carpool, told } = window as unknown as PageGlobals;
      told.length = 0;
      const symbols = ['/api/quotes/AAPL', '/api/fundamentals/AAPL', '/api/quotes/MSFT'];
      const responses = await Promise.all(symbols.map((path) => carpool.fetch(path)));
      return responses.map((response) => response.headers.get('cache-control'));
    });

  const fields = await read();
  await read();

  expect(requests).toEqual(['/batch']);
  expect(fields.map((field) => Number(/max-age=(\d+)/.exec(field ?? '')?.[1]) > 300)).toEqual([
    false,
    true,
    false,
  ]);
  await page.evaluate(async () => {
    const { carpool } = window as unknown as PageGlobals;
    await carpool.invalidate({ tags: ['quote-AAPL'] });
  });
  await read();
  expect(requests).toHaveLength(2);
});

test('what the server announces, the page forgets', async ({ page, request }) => {
  await visit(page, 'ann', { cache: {} });
  const isHeard = page.waitForResponse((response) => response.url().endsWith('/events'));
  await page.evaluate(() => {
    const { carpool } = window as unknown as PageGlobals;
    carpool.listen('/events');
  });
  await isHeard;
  await page.evaluate(async () => {
    const { carpool } = window as unknown as PageGlobals;
    await (await carpool.fetch('/api/quotes/MSFT')).json();
  });

  const { token } = (await (
    await request.post('/api/auth/login', {
      data: { username: 'admin', password: 'admin-password' },
    })
  ).json()) as { token: string };
  await request.delete('/api/cache?tags=quotes', {
    headers: { authorization: `Bearer ${token}` },
  });

  await page.waitForFunction(() =>
    (window as unknown as PageGlobals).told.some(({ outcome }) => outcome === 'invalidated'),
  );
});

test('a 403 inside a batch is that item’s alone', async ({ page }) => {
  await visit(page, 'ann');
  const requests = collect(page);

  const statuses = await page.evaluate(async () => {
    const { carpool } = window as unknown as PageGlobals;
    const paths = ['/api/audit', '/api/auth/me', '/api/cache/stats'];
    const responses = await Promise.all(paths.map((path) => carpool.fetch(path)));
    return responses.map(({ status }) => status);
  });

  expect(statuses).toEqual([403, 200, 403]);
  expect(requests).toEqual(['/batch']);
});

test('a batch that is answered later tells how it gets on', async ({ page }) => {
  await visit(page, 'ann');

  const seen = await page.evaluate(async () => {
    const accepted = await fetch('/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body: JSON.stringify({
        requests: [1, 2, 3].map((id) => ({
          id: String(id),
          method: 'GET',
          url: `/api/widgets/${String(id)}?delay=${String(id * 100)}`,
        })),
      }),
    });
    const location = accepted.headers.get('location')!;
    const states: { state: string; done: number; total: number }[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const source = new EventSource(location);
    source.onmessage = ({ data }) => states.push(JSON.parse(data as string) as (typeof states)[0]);
    source.onerror = () => {
      source.close();
      resolve();
    };
    await promise;
    const result = (await (await fetch(location)).json()) as {
      responses: { id: string; status: number }[];
    };
    return { status: accepted.status, states, result };
  });

  expect(seen.status).toBe(202);
  expect(seen.result.responses.map(({ status }) => status)).toEqual([200, 200, 200]);
  const done = seen.states.flatMap((state) => state.done ?? []);
  expect(done).toEqual([...done].sort((one, other) => one - other));
});

test('a batch that was too much recovers', async ({ page }) => {
  // A server of its own, whose limit is reached soon and over soon.
  const main = fileURLToPath(new URL('../demo/server/main.ts', import.meta.url));
  const server = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: '0', ITEM_LIMIT: '10', LIMIT_SECONDS: '2' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }];
    await visit(page, 'ann', { retry: { limit: 3 } }, `http://localhost:${String(port)}`);

    const seen = await page.evaluate(async () => {
      const { carpool } = window as unknown as PageGlobals;
      let retries = 0;
      carpool.on('retry', () => retries++);
      const paths = Array.from({ length: 15 }, (_, id) => `/api/widgets/${String(id + 1)}`);
      const responses = await Promise.all(paths.map((path) => carpool.fetch(path)));
      return { statuses: responses.map(({ status }) => status), retries };
    });

    expect(seen.statuses).toEqual(Array.from({ length: 15 }, () => 200));
    expect(seen.retries).toBeGreaterThan(0);
  } finally {
    server.kill('SIGTERM');
  }
});
