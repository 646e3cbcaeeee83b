import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { aDemoServer, type DemoServer } from '../support/a-demo-server.ts';
import { startRedis, type TestRedis } from '../support/a-redis.ts';
import { eventually, whenUp } from '../support/a-server-cache.ts';

let redis: TestRedis;
const opened: DemoServer[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
beforeEach(async () => {
  // Empty, so that no test counts what another has spent.
  await redis.stop();
  await redis.restart();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ services }) => services.close()));
});
afterAll(() => redis.stop());

/** A server that is connected. */
async function aServer(config: { ITEM_LIMIT?: number; BATCH_LIMIT?: number }): Promise<DemoServer> {
  const server = aDemoServer({ REDIS_URL: redis.url, ...config });
  opened.push(server);
  await whenUp(server.services.redis!);
  return server;
}

const statusOf = async (server: DemoServer, as = 'ann'): Promise<number> =>
  (await server.ask('/api/notes', { as })).status;

describe('two servers on one Redis', () => {
  it('count a user’s items together, and each user’s apart', async () => {
    const [one, other] = [await aServer({ ITEM_LIMIT: 3 }), await aServer({ ITEM_LIMIT: 3 })];

    const statuses = [
      await statusOf(one),
      await statusOf(other),
      await statusOf(one),
      await statusOf(other),
      await statusOf(one),
    ];

    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(await statusOf(other, 'bob')).toBe(200);
  });

  it('count a user’s batches together', async () => {
    const [one, other] = [await aServer({ BATCH_LIMIT: 1 }), await aServer({ BATCH_LIMIT: 1 })];
    const send = async (server: DemoServer) =>
      (
        await server.send('POST', '/batch', {
          requests: [{ id: 'a', method: 'GET', url: '/api/notes' }],
        })
      ).status;

    expect([await send(one), await send(other)]).toEqual([200, 429]);
  });
});

describe('while Redis is away', () => {
  it('each server counts for itself, with one warning, and together again later', async () => {
    const [one, other] = [await aServer({ ITEM_LIMIT: 2 }), await aServer({ ITEM_LIMIT: 2 })];

    await redis.stop();
    await eventually(() => {
      expect([one, other].some(({ services }) => services.redis!.isUp())).toBe(false);
    });
    const away = [
      await statusOf(one),
      await statusOf(one),
      await statusOf(one),
      await statusOf(other),
    ];
    await redis.restart();
    for (const { services } of [one, other]) await whenUp(services.redis!);
    const back = [await statusOf(one), await statusOf(other), await statusOf(one)];

    expect(away).toEqual([200, 200, 429, 200]);
    expect(back).toEqual([200, 200, 429]);
    const told = one.lines.filter(({ service }) => service === 'redis').map(({ msg }) => msg);
    expect(told).toEqual([
      'Redis is there',
      'Redis is away: going on with memory and SQLite',
      'Redis is back',
    ]);
  });
});

describe('while Redis hangs', () => {
  it('asks it once, with one warning, and again when it answers', async () => {
    const server = await aServer({ ITEM_LIMIT: 3 });
    const count = vi.spyOn(server.services.redis!.client, 'sendCommand');
    const asked = () =>
      count.mock.calls.filter(([{ name }]) => name !== 'ping' && name !== 'publish').length;

    redis.hold();
    const first = await statusOf(server);
    const before = asked();
    const others = [await statusOf(server), await statusOf(server), await statusOf(server)];
    const after = asked();
    const ready = (await (await server.ask('/readyz')).json()) as { redis: string };
    redis.release();
    await whenUp(server.services.redis!);

    expect([first, ...others]).toEqual([200, 200, 200, 429]);
    expect(before).toBeGreaterThan(0);
    expect(after).toBe(before);
    expect(ready.redis).toBe('down');
    expect(await statusOf(server)).toBe(200);
    const told = server.lines.filter(({ service }) => service === 'redis').map(({ msg }) => msg);
    expect(told).toEqual([
      'Redis is there',
      'Redis doesn’t answer: going on with memory and SQLite',
      'Redis is back',
    ]);
  });
});
