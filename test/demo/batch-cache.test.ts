import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import {
  createResponseCache,
  type ResponseCacheOptions,
} from '../../demo/server/batch/response-cache.ts';
import type { AppEnv } from '../../demo/server/http/context.ts';
import { asItem } from '../../demo/server/http/tracing.ts';
import { createBus } from '../../demo/server/platform/bus.ts';
import { createMetrics } from '../../demo/server/platform/metrics.ts';

type Answer = (times: number, request: Request) => Response | Promise<Response>;

const tagged = (times: number, tags = 'things'): Response =>
  Response.json({ times }, { headers: { 'cache-tag': tags } });

/** An application that counts how often it is asked, behind the cache. */
function anApp({
  answer = (times) => tagged(times),
  ...options
}: { readonly answer?: Answer } & ResponseCacheOptions = {}) {
  const bus = createBus(null);
  const metrics = createMetrics();
  let asked = 0;
  const app = new Hono<AppEnv>()
    .use((c, next) => {
      const id = c.req.header('x-user') ?? 'ann';
      if (id !== 'nobody') c.set('user', { id, name: id, role: 'user' });
      return next();
    })
    .use(createResponseCache({ bus, metrics }, options))
    .all('*', (c) => answer(++asked, c.req.raw));
  const ask = (
    path: string,
    { as = 'ann', item = true, ...init }: RequestInit & { as?: string; item?: boolean } = {},
  ) => {
    const headers = new Headers(init.headers);
    headers.set('x-user', as);
    return app.request(path, { ...init, headers }, item ? asItem : {});
  };
  const lookups = async () => {
    const { values } = await metrics.cache.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value]));
  };
  return { ask, bus, lookups, asked: () => asked };
}

const isHit = (response: Response): boolean =>
  response.headers.get('cache-status')?.startsWith('carpool-demo; hit') ?? false;

const saying = (fields: Readonly<Record<string, string>>): { answer: Answer } => ({
  answer: (times) => Response.json({ times }, { headers: fields }),
});

describe('the response cache', () => {
  it('answers the second item as the first was, and says so', async () => {
    let nowMs = 0;
    const { ask, asked } = anApp({ now: () => nowMs });

    const first = await ask('/a');
    nowMs = 5_000;
    const second = await ask('/a');

    expect(isHit(first)).toBe(false);
    expect(await second.json()).toEqual({ times: 1 });
    expect(second.headers.get('cache-status')).toBe('carpool-demo; hit; ttl=115');
    expect(second.headers.get('age')).toBe('5');
    expect(second.headers.get('cache-tag')).toBe('things');
    expect(asked()).toBe(1);
  });

  it('keeps nothing longer than 120 s', async () => {
    let nowMs = 0;
    const { ask } = anApp({ now: () => nowMs });
    await ask('/a');

    nowMs = 119_999;
    expect(isHit(await ask('/a'))).toBe(true);
    nowMs = 120_000;
    expect(isHit(await ask('/a'))).toBe(false);
  });

  it.each([
    ['max-age=60', 60_000],
    ['private, max-age="60"', 60_000],
    ['max-age=600', 120_000],
  ])('keeps what says %s for %i ms', async (cacheControl, keptMs) => {
    let nowMs = 0;
    const { ask } = anApp({ now: () => nowMs, ...saying({ 'cache-control': cacheControl }) });
    await ask('/a');

    nowMs = keptMs - 1;
    expect(isHit(await ask('/a'))).toBe(true);
    nowMs = keptMs;
    expect(isHit(await ask('/a'))).toBe(false);
  });

  it.each<[string, Record<string, string>]>([
    ['says neither how long nor how it is taken back', {}],
    ['must not be stored', { 'cache-control': 'no-store', 'cache-tag': 'a' }],
    ['must be asked for each time', { 'cache-control': 'no-cache', 'cache-tag': 'a' }],
    ['is old at once', { 'cache-control': 'max-age=0', 'cache-tag': 'a' }],
    ['has an age that makes no sense', { 'cache-control': 'max-age=soon' }],
    ['sets a cookie', { 'set-cookie': 'a=1', 'cache-tag': 'a' }],
    ['varies in everything', { vary: '*', 'cache-tag': 'a' }],
    ['varies in a language', { vary: 'Accept, Accept-Language', 'cache-tag': 'a' }],
    ['is a stream of events', { 'content-type': 'text/event-stream', 'cache-tag': 'a' }],
  ])('does not keep what %s', async (_, fields) => {
    const { ask, lookups } = anApp(saying(fields));

    await ask('/a');

    expect(isHit(await ask('/a'))).toBe(false);
    expect(await lookups()).toEqual({ 'not kept': 2 });
  });

  it.each([201, 203, 204, 206, 301, 404, 500])('does not keep a %i', async (status) => {
    const answer = () => new Response(null, { status, headers: { 'cache-tag': 'a' } });
    const { ask } = anApp({ answer });

    await ask('/a');

    expect(isHit(await ask('/a'))).toBe(false);
  });

  it.each(['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])('does not answer a %s', async (method) => {
    const { ask, asked } = anApp();

    await ask('/a', { method });
    await ask('/a', { method });

    expect(asked()).toBe(2);
  });

  it('keeps users apart', async () => {
    const { ask } = anApp();
    await ask('/a', { as: 'ann' });

    const response = await ask('/a', { as: 'bob' });

    expect(await response.json()).toEqual({ times: 2 });
    expect(isHit(await ask('/a', { as: 'bob' }))).toBe(true);
  });

  it('knows nobody without a user', async () => {
    const { ask } = anApp();
    await ask('/a', { as: 'nobody' });

    expect(isHit(await ask('/a', { as: 'nobody' }))).toBe(false);
  });

  it('is for items of batches', async () => {
    const { ask } = anApp();
    await ask('/a', { item: false });

    expect(isHit(await ask('/a', { item: false }))).toBe(false);
  });

  it.each([
    ['another query', '/a?b=1', {}],
    ['another Accept', '/a', { accept: 'text/plain' }],
    ['a part', '/a', { range: 'bytes=0-1' }],
    ['a fresh one', '/a', { 'cache-control': 'no-cache' }],
    ['a fresh one, of old', '/a', { pragma: 'no-cache' }],
    ['one of this moment', '/a', { 'cache-control': 'max-age=0' }],
    ['none that is stored', '/a', { 'cache-control': 'no-store' }],
  ])('asks again for %s', async (_, path, headers) => {
    const { ask } = anApp();
    await ask('/a');

    expect(isHit(await ask(path, { headers }))).toBe(false);
  });

  it('what was asked for anew is what the next one gets', async () => {
    const { ask } = anApp();
    await ask('/a');
    await ask('/a', { headers: { 'cache-control': 'no-cache' } });

    expect(await (await ask('/a')).json()).toEqual({ times: 2 });
  });

  it('gives nothing older than is asked for', async () => {
    let nowMs = 0;
    const { ask } = anApp({ now: () => nowMs });
    await ask('/a');
    nowMs = 10_001;

    expect(isHit(await ask('/a', { headers: { 'cache-control': 'max-age=11' } }))).toBe(true);
    expect(isHit(await ask('/a', { headers: { 'cache-control': 'max-age=10' } }))).toBe(false);
  });

  it('a hit is 304 to who has it', async () => {
    const { ask } = anApp(saying({ etag: 'W/"1"', 'cache-tag': 'a', 'x-more': 'b' }));
    await ask('/a');

    const response = await ask('/a', { headers: { 'if-none-match': '"0", "1"' } });
    const other = await ask('/a', { headers: { 'if-none-match': '"2"' } });

    expect(response.status).toBe(304);
    expect(response.body).toBeNull();
    expect(response.headers.get('etag')).toBe('W/"1"');
    expect(response.headers.get('x-more')).toBeNull();
    expect(other.status).toBe(200);
  });

  it('has room for 2,000: the least recently used goes first', async () => {
    const { ask, asked } = anApp();
    for (let i = 0; i < 2000; i++) await ask(`/${i}`);
    await ask('/0');
    await ask('/2000');
    expect(asked()).toBe(2001);

    expect(isHit(await ask('/0'))).toBe(true);
    expect(isHit(await ask('/1'))).toBe(false);
  });

  it('has no room for what is larger than 640 kB', async () => {
    const text = 'x'.repeat(640_000);
    const answer = () => new Response(text, { headers: { 'cache-tag': 'a' } });
    const { ask, lookups } = anApp({ answer });

    await ask('/a');

    expect(isHit(await ask('/a'))).toBe(false);
    expect(await lookups()).toEqual({ 'not kept': 2 });
  });

  it('counts hits, misses and what it can’t keep', async () => {
    const { ask, lookups } = anApp({
      answer: (times, { url }) => (url.endsWith('/b') ? Response.json({}) : tagged(times)),
    });

    await ask('/a');
    await ask('/a');
    await ask('/a');
    await ask('/b');

    expect(await lookups()).toEqual({ miss: 1, hit: 2, 'not kept': 1 });
  });
});

describe('a write', () => {
  const byMethod: Answer = (times, { method }) =>
    tagged(times, method === 'GET' ? 'things, thing-1' : 'other, thing-1');

  it.each(['/elsewhere', '/things'])('at %s takes back what has its tags', async (path) => {
    const { ask } = anApp({ answer: byMethod });
    await ask('/a');
    await ask('/b', { as: 'bob' });

    await ask(path, { method: 'POST', item: false });

    expect(isHit(await ask('/a'))).toBe(false);
    expect(isHit(await ask('/b', { as: 'bob' }))).toBe(false);
  });

  it.each([
    ['itself', '/things/1', '/things/1'],
    ['itself with a query', '/things/1?a=b', '/things/1'],
    ['the collection that it is in', '/things', '/things/1'],
    ['what is in it', '/things/1/parts', '/things/1'],
  ])('takes back %s', async (_, kept, written) => {
    const answer: Answer = (times, { method }) => tagged(times, `of-${method}`);
    const { ask } = anApp({ answer });
    await ask(kept);

    await ask(written, { method: 'DELETE' });

    expect(isHit(await ask(kept))).toBe(false);
  });

  it('leaves the rest', async () => {
    const answer: Answer = (times, { method }) => tagged(times, `of-${method}`);
    const { ask } = anApp({ answer });
    await ask('/things/12');

    await ask('/things/1', { method: 'DELETE' });

    expect(isHit(await ask('/things/12'))).toBe(true);
  });

  it('that fails takes nothing back', async () => {
    const answer: Answer = (times, { method }) =>
      method === 'GET' ? tagged(times) : new Response(null, { status: 422 });
    const { ask } = anApp({ answer });
    await ask('/a');

    await ask('/a', { method: 'POST' });

    expect(isHit(await ask('/a'))).toBe(true);
  });

  it('makes an answer useless that was asked for before it', async () => {
    const gate = Promise.withResolvers<void>();
    const answer: Answer = async (times, { method, url }) => {
      if (method === 'GET' && times === 1) await gate.promise;
      return tagged(times, url.slice(-1));
    };
    const { ask } = anApp({ answer });

    const early = ask('/a');
    await ask('/b', { method: 'POST' });
    gate.resolve();
    await early;

    expect(isHit(await ask('/a'))).toBe(false);
  });
});

describe('an announcement', () => {
  it('takes back what has one of its tags', async () => {
    const { ask, bus } = anApp({ answer: (times, { url }) => tagged(times, url.slice(-1)) });
    await ask('/a');
    await ask('/b');

    bus.announce({ tags: ['a', 'c'] });

    expect(isHit(await ask('/a'))).toBe(false);
    expect(isHit(await ask('/b'))).toBe(true);
  });

  it('for one user takes back what is that user’s', async () => {
    const { ask, bus } = anApp();
    await ask('/a', { as: 'ann' });
    await ask('/a', { as: 'bob' });

    bus.announce({ tags: ['things'], user: 'ann' });

    expect(isHit(await ask('/a', { as: 'ann' }))).toBe(false);
    expect(isHit(await ask('/a', { as: 'bob' }))).toBe(true);
  });
});
