import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../support/a-redis.ts';
import { eventually } from '../support/a-server-cache.ts';

/** A server in a process of its own. */
interface ServerProcess {
  readonly child: ChildProcess;
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
}

const main = fileURLToPath(new URL('../../demo/server/main.ts', import.meta.url));
const secret = 'what both processes sign their tokens with';

let redis: TestRedis;
let token: string;
let admin: string;
const servers: ServerProcess[] = [];

async function start(): Promise<ServerProcess> {
  const child = fork(main, {
    env: {
      ...process.env,
      PORT: '0',
      REDIS_URL: redis.url,
      JWT_SECRET: secret,
      ITEM_LIMIT: '200',
      ANALYSIS_STEP_MS: '0',
      UPSTREAM_LATENCY_MS: '0',
      UPSTREAM_FAILURES: '0',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { child, ask: (path, init) => fetch(`http://127.0.0.1:${String(port)}${path}`, init) };
}

const as = (who: string, init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: { authorization: `Bearer ${who}` },
});

async function logIn({ ask }: ServerProcess, username: string): Promise<string> {
  const response = await ask('/api/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: `${username}-password` }),
  });
  return ((await response.json()) as { token: string }).token;
}

beforeAll(async () => {
  redis = await startRedis();
  servers.push(...(await Promise.all([start(), start()])));
  token = await logIn(servers[0]!, 'ann');
  admin = await logIn(servers[0]!, 'admin');
}, 60_000);

afterAll(async () => {
  for (const { child } of servers) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  await redis.stop();
});

it('a token of one is good at the other', async () => {
  const response = await servers[1]!.ask('/api/auth/me', as(token));

  expect(await response.json()).toMatchObject({ id: 'ann' });
});

it('a quote that one has loaded, the other has from Redis; what one invalidates, the other loads anew', async () => {
  const read = async ({ ask }: ServerProcess) => {
    const response = await ask('/api/quotes/AAPL', as(admin));
    await response.json();
    return response.headers.get('cache-status') ?? '';
  };
  const [one, other] = servers as [ServerProcess, ServerProcess];
  await one.ask('/api/cache?tags=quotes', as(admin, { method: 'DELETE' }));

  const first = await read(one);
  const shared = await read(other);
  const again = await read(other);
  const removed = await one.ask('/api/cache?tags=quote-AAPL', as(admin, { method: 'DELETE' }));
  expect(removed.ok).toBe(true);
  expect(first).toContain('fwd=');
  expect(shared).toContain('hit');
  expect(shared).toContain('redis');
  expect(again).toContain('hit');
  // It hears of it by way of Redis.
  await eventually(async () => {
    expect(await read(other)).toContain('fwd=');
  });
});

it('a job that is submitted to one is polled at the other', async () => {
  const [one, other] = servers as [ServerProcess, ServerProcess];
  const demo = await logIn(one, 'demo');
  const submitted = await one.ask('/api/charges/C-101199/analysis', as(demo, { method: 'POST' }));
  const location = submitted.headers.get('location')!;

  // Its events end when it does.
  await (await other.ask(`${location}/events`, as(demo))).text();
  const job = await (await other.ask(location, as(demo))).json();

  expect(submitted.status).toBe(202);
  expect(job).toMatchObject({ state: 'succeeded', progress: 100 });
});

it('one that is told to end finishes what is in flight, and ends well', async () => {
  const { child, ask } = await start();
  const ended = once(child, 'exit');
  const answer = ask('/api/widgets/1?delay=500', as(token));
  const open = async () =>
    ((await (await ask('/api/stats', as(token))).json()) as { readonly open: number }).open;
  while ((await open()) === 0);

  child.kill('SIGTERM');

  expect(await (await answer).json()).toMatchObject({ id: 1 });
  expect(await ended).toEqual([0, null]);
});

it('a user’s limit is one for both', async () => {
  const bob = await logIn(servers[0]!, 'bob');
  const statuses: number[] = [];
  for (let i = 0; i < 210; i++) {
    const response = await servers[i % 2]!.ask('/api/auth/me', as(bob));
    await response.arrayBuffer();
    statuses.push(response.status);
  }

  expect(statuses.filter((status) => status === 200)).toHaveLength(200);
  expect(statuses.slice(200)).toEqual(Array.from({ length: 10 }, () => 429));
});
