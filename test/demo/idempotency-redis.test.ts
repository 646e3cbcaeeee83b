import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aDemoServer, type DemoServer } from '../support/a-demo-server.ts';
import { startRedis, type TestRedis } from '../support/a-redis.ts';
import { eventually, whenUp } from '../support/a-server-cache.ts';

let redis: TestRedis;
const opened: DemoServer[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  await opened[0]?.services.redis?.client.flushall();
  await Promise.all(opened.splice(0).map(({ services }) => services.close()));
});
afterAll(() => redis.stop());

async function aServer(): Promise<DemoServer> {
  const server = aDemoServer({ REDIS_URL: redis.url });
  opened.push(server);
  await whenUp(server.services.redis!);
  return server;
}

const create = (server: DemoServer, title: string, as = 'ann', key = '"k"') =>
  server.send('POST', '/api/sessions', { title }, { as, headers: { 'idempotency-key': key } });

const countOf = async (server: DemoServer, title: string): Promise<number> => {
  const page = await server.ask('/api/sessions?limit=100', { as: 'ann' });
  const { sessions } = (await page.json()) as { sessions: { title: string }[] };
  return sessions.filter((session) => session.title === title).length;
};

describe('two servers on one Redis', () => {
  it('a repetition that comes to the other gets the first answer', async () => {
    const [one, other] = [await aServer(), await aServer()];

    const first = await create(one, 'Lunch');
    const second = await create(other, 'Lunch');

    expect(second.status).toBe(201);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await second.json()).toEqual(await first.json());
    expect(await countOf(other, 'Lunch')).toBe(0);
  });

  it('of two that come at once, one is carried out', async () => {
    const [one, other] = [await aServer(), await aServer()];

    const statuses = (await Promise.all([create(one, 'Lunch'), create(other, 'Lunch')])).map(
      ({ status }) => status,
    );

    expect(statuses).toContain(201);
    expect((await countOf(one, 'Lunch')) + (await countOf(other, 'Lunch'))).toBe(1);
  });

  it('the key of another request is 422, and another user’s is another key', async () => {
    const [one, other] = [await aServer(), await aServer()];
    await create(one, 'Lunch');

    expect((await create(other, 'Dinner')).status).toBe(422);
    expect((await create(other, 'Dinner', 'bob')).status).toBe(201);
  });

  it('what was refused in passing may be tried again', async () => {
    const [one, other] = [await aServer(), await aServer()];
    one.services.database.exec('DROP TABLE chat_messages; DROP TABLE chat_sessions');

    expect((await create(one, 'Lunch')).status).toBe(500);
    expect((await create(other, 'Lunch')).status).toBe(201);
  });
});

describe('while Redis is away', () => {
  it('each server remembers by itself, also afterwards', async () => {
    const server = await aServer();
    await redis.stop();
    await eventually(() => expect(server.services.redis!.isUp()).toBe(false));

    const first = await create(server, 'Lunch');
    const second = await create(server, 'Lunch');
    await redis.restart();
    await whenUp(server.services.redis!);
    const third = await create(server, 'Lunch');

    expect([first, second, third].map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(third.headers.get('idempotency-replayed')).toBe('true');
    expect(await countOf(server, 'Lunch')).toBe(1);
  });
});
