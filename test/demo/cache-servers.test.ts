import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { aDemoServer, type DemoServer } from '../support/a-demo-server.ts';
import { startRedis, type TestRedis } from '../support/a-redis.ts';
import { whenUp, eventually } from '../support/a-server-cache.ts';

let redis: TestRedis;
let servers: DemoServer[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  await servers[0]?.services.redis?.client.flushall();
  await Promise.all(servers.map(({ services }) => services.close()));
  servers = [];
});
afterAll(() => redis.stop());

/** Two servers, each with a database of its own, that hear each other. */
async function twoServers(): Promise<readonly [DemoServer, DemoServer]> {
  const two = [
    aDemoServer({ REDIS_URL: redis.url }),
    aDemoServer({ REDIS_URL: redis.url }),
  ] as const;
  servers = [...two];
  for (const { services } of two) await whenUp(services.redis!);
  await eventually(async () => {
    const channels = ['carpool:announcements', 'bentocache.notifications:cache'];
    const counted = await two[0].services.redis!.client.pubsub('NUMSUB', ...channels);
    expect(counted).toEqual(channels.flatMap((channel) => [channel, 2]));
  });
  return two;
}

const statusOf = async (server: DemoServer, path: string) =>
  (await server.ask(path)).headers.get('cache-status') ?? '';

describe('two servers on one Redis', () => {
  it('share what one of them has fetched', async () => {
    const [one, other] = await twoServers();
    const first = await one.ask('/api/quotes/AAPL');

    const second = await other.ask('/api/quotes/AAPL');

    expect(second.headers.get('cache-status')).toContain('detail=redis');
    expect(await second.json()).toEqual(await first.json());
    expect(other.services.market.upstreamCounts().calls).toBe(0);
  });

  it.each(['tags=quote-AAPL', 'tags=quotes', 'pattern=quote:A*'])(
    'see each other’s invalidation by %s',
    async (query) => {
      const [one, other] = await twoServers();
      await one.ask('/api/quotes/AAPL');
      await other.ask('/api/quotes/AAPL');
      expect(await statusOf(other, '/api/quotes/AAPL')).toContain('detail=memory');

      await one.ask(`/api/cache?${query}`, { as: 'admin', method: 'DELETE' });

      await eventually(async () =>
        expect(await statusOf(other, '/api/quotes/AAPL')).toContain('fwd=miss'),
      );
    },
  );

  it('hear of each other’s writes', async () => {
    const [one, other] = await twoServers();
    const heard = vi.fn<(announcement: object) => void>();
    other.services.bus.listen(heard);

    await one.ask('/api/watchlist/TSLA', { method: 'PUT' });
    await one.ask('/api/watchlist/TSLA', { method: 'DELETE' });

    await eventually(() =>
      expect(heard).toHaveBeenCalledWith({ tags: ['watchlist'], user: 'demo' }),
    );
  });

  it.each(['no JSON', '{}', 'null', '{"from":"x"}', '{"from":"x","tags":[1]}'])(
    'don’t mind a message such as %j, and hear the next',
    async (garbage) => {
      const [one, other] = await twoServers();
      const heard = vi.fn<(announcement: object) => void>();
      other.services.bus.listen(heard);
      const { client } = one.services.redis!;

      for (const channel of ['carpool:announcements', 'bentocache.notifications:cache']) {
        await client.publish(channel, garbage);
      }
      await one.ask('/api/watchlist/TSLA', { method: 'PUT' });

      await eventually(() => expect(heard).toHaveBeenCalled());
      expect(heard).toHaveBeenCalledExactlyOnceWith({ tags: ['watchlist'], user: 'demo' });
    },
  );

  it('fetch anew what Redis has as no JSON', async () => {
    const [one] = await twoServers();
    await one.services.redis!.client.set('carpool:cache:quote:AAPL', 'no JSON');

    const response = await one.ask('/api/quotes/AAPL');

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ symbol: 'AAPL' });
  });

  it('warm up from what the other has, without asking the provider', async () => {
    const [one, other] = await twoServers();
    await one.services.market.warm();

    await other.services.market.warm();

    expect(other.services.market.upstreamCounts().calls).toBe(0);
  });
});
