import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../support/a-redis.ts';
import { aDemoServer, type DemoServer } from '../support/a-demo-server.ts';
import { reaches } from '../support/some-jobs.ts';

let redis: TestRedis;
const opened: DemoServer[] = [];

beforeEach(async () => {
  redis = await startRedis();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ services }) => services.close()));
  await redis.stop();
});

const became = (server: DemoServer, event: 'ready' | 'close') =>
  new Promise<void>((resolve) => server.services.redis!.client.once(event, () => resolve()));

/** A server on the Redis of this test, connected; each signs its tokens with a secret of its own. */
async function aServer(config: Parameters<typeof aDemoServer>[0] = {}): Promise<DemoServer> {
  const server = aDemoServer({ REDIS_URL: redis.url, ANALYSIS_STEP_MS: 0, ...config });
  opened.push(server);
  await became(server, 'ready');
  return server;
}

const later = (server: DemoServer, url: string, headers: Record<string, string> = {}) =>
  server.send(
    'POST',
    '/batch',
    { requests: [{ id: 'a', method: 'GET', url }] },
    { headers: { prefer: 'respond-async', ...headers } },
  );

const idOf = async (response: Response): Promise<string> =>
  ((await response.clone().json()) as { id: string }).id;

describe('two servers on one Redis', () => {
  it('an analysis submitted to one is polled at the other', async () => {
    const [one, other] = [await aServer(), await aServer()];

    const accepted = await one.send('POST', '/api/charges/C-101199/analysis', {});
    await reaches(other.services.jobs, await idOf(accepted), 'succeeded');
    const response = await other.ask(accepted.headers.get('location')!);

    expect(accepted.status).toBe(202);
    expect(await response.json()).toMatchObject({
      state: 'succeeded',
      result: { chargeId: 'C-101199' },
    });
  });

  it('events of a job at one are heard at the other', async () => {
    const [one, other] = [await aServer(), await aServer()];
    const accepted = await later(one, '/api/widgets/1');

    const response = await other.ask(accepted.headers.get('location')!, {
      headers: { accept: 'text/event-stream' },
    });

    expect(await response.text()).toContain('event: succeeded');
  });

  it('a batch that waits is run by the server that comes after a restart', async () => {
    const before = await aServer({ JOB_CONCURRENCY: 1 });
    const running = await later(before, '/api/widgets/1?delay=10000');
    await reaches(before.services.jobs, await idOf(running), 'running');
    const waiting = await later(before, '/api/auth/me');
    await before.services.close();
    opened.length = 0;

    const after = await aServer();
    await reaches(after.services.jobs, await idOf(waiting), 'succeeded');

    const response = await after.ask(waiting.headers.get('location')!);
    expect(await response.json()).toMatchObject({
      responses: [{ status: 200, body: { id: 'demo' } }],
    });
    const handedBack = await after.services.jobs.find(await idOf(running));
    expect(['queued', 'running']).toContain(handedBack?.state);
    await after.ask(running.headers.get('location')!, { method: 'DELETE' });
  });

  it('while a batch runs, Redis has no token of its user', async () => {
    const server = await aServer();
    const token = await server.tokenOf('demo');
    const accepted = await later(server, '/api/widgets/1?delay=10000', {
      cookie: `token=${token}`,
    });
    await reaches(server.services.jobs, await idOf(accepted), 'running');
    const { client } = server.services.redis!;

    const texts = await Promise.all(
      (await client.keys('*')).map(async (key) => {
        const type = await client.type(key);
        return type === 'hash' ? JSON.stringify(await client.hgetall(key)) : '';
      }),
    );

    const everything = texts.join();
    expect(everything).toContain('/api/widgets/1');
    // Neither this token nor any other: each begins with the same JSON.
    expect(everything).not.toContain(token.slice(0, 20));
    await server.ask(accepted.headers.get('location')!, { method: 'DELETE' });
  });
});

describe('a server whose Redis is away', () => {
  it('is 503 for jobs that may be there, goes on with new ones, and finds both later', async () => {
    const server = await aServer();
    const before = await later(server, '/api/widgets/1');
    await reaches(server.services.jobs, await idOf(before), 'succeeded');

    const left = became(server, 'close');
    await redis.stop();
    await left;
    const lost = await server.ask(before.headers.get('location')!);
    const events = await server.ask(`/api/jobs/${await idOf(before)}/events`);
    const meanwhile = await later(server, '/api/widgets/2');
    await reaches(server.services.jobs, await idOf(meanwhile), 'succeeded');
    const found = await server.ask(meanwhile.headers.get('location')!);
    const list = await server.ask('/api/jobs');

    expect(lost.status).toBe(503);
    expect(lost.headers.get('retry-after')).toBe('2');
    expect(await lost.json()).toMatchObject({ detail: expect.stringContaining('Redis') });
    expect(events.status).toBe(503);
    expect(meanwhile.status).toBe(202);
    expect(found.status).toBe(200);
    expect(await list.json()).toMatchObject({
      isPartial: true,
      jobs: [{ id: await idOf(meanwhile) }],
    });
    const warnings = server.lines.filter(
      ({ level, service }) => level === 40 && service === 'redis',
    );
    expect(warnings).toHaveLength(1);

    const back = became(server, 'ready');
    await redis.restart();
    await back;
    const after = await later(server, '/api/widgets/3');
    await reaches(server.services.jobs, await idOf(after), 'succeeded');
    expect((await server.ask(before.headers.get('location')!)).status).not.toBe(503);
    expect((await server.ask(meanwhile.headers.get('location')!)).status).toBe(200);
    expect((await server.ask(after.headers.get('location')!)).status).toBe(200);
  });

  it('a limit of jobs counts those in Redis and those in memory', async () => {
    const server = await aServer({ JOBS_PER_USER: 1 });
    const first = await later(server, '/api/widgets/1');
    await reaches(server.services.jobs, await idOf(first), 'succeeded');

    const second = await later(server, '/api/widgets/1');

    expect(second.status).toBe(429);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(3000);
  });

  it('whose Redis never comes works in memory, and closes', async () => {
    await redis.stop();
    const server = aDemoServer({ REDIS_URL: redis.url });
    const slow = await later(server, '/api/widgets/1?delay=10000');
    const location = slow.headers.get('location')!;

    const cancelled = await server.ask(location, { method: 'DELETE' });
    const quick = await later(server, '/api/widgets/1');
    await reaches(server.services.jobs, await idOf(quick), 'succeeded');

    expect(cancelled.status).toBe(200);
    expect((await server.ask(quick.headers.get('location')!)).status).toBe(200);
    expect((await server.ask('/api/jobs/none')).status).toBe(503);
    await server.services.close();
  });
});
