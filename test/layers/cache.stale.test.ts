import { afterEach, describe, expect, it, vi } from 'vitest';
import { aCache, ageOf, found } from '../support/a-cache.ts';
import { aReply, bytesOf, textOf } from '../support/calls.ts';
import { drained, failureOf, stateOf } from '../support/drained.ts';

const etag = { etag: '"a"' };

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('while it is revalidated', () => {
  const swr = { 'cache-control': 'max-age=10, stale-while-revalidate=20' };

  it('what is stale answers at once, and is refreshed once for all that ask', async () => {
    const { ask, clock, fill, flights, told } = aCache();
    await fill('/a', { ...swr, ...etag });
    await clock.advance(15_000);
    told();

    const replies = await Promise.all([ask('/a'), ask('/a'), ask('/a', { method: 'HEAD' })]);

    expect(replies.map(ageOf)).toEqual(['15', '15', '15']);
    expect(told()).toEqual(['stale /a', 'stale /a', 'stale /a']);
    expect(flights).toHaveLength(2);
    expect(flights[1]?.call).toMatchObject({
      method: 'GET',
      priority: 'low',
      headers: [['if-none-match', '"a"']],
    });
  });

  it('a new answer takes its place', async () => {
    const { ask, clock, fill, flights } = aCache();
    await fill('/a', swr);
    await clock.advance(15_000);
    await ask('/a');
    flights[1]?.land(found(swr, { body: bytesOf('new') }));
    await drained();

    const reply = await ask('/a');

    expect(textOf(reply.body)).toBe('new');
    expect(ageOf(reply)).toBe('0');
    expect(flights).toHaveLength(2);
  });

  it('its refresh survives the call that was the reason for it', async () => {
    const { ask, clock, fill, flights } = aCache();
    await fill('/a', swr);
    await clock.advance(15_000);
    const controller = new AbortController();
    await ask('/a', { signal: controller.signal });

    controller.abort();

    expect(flights[1]?.call.signal.aborted).toBe(false);
  });

  it.each([500, 503])('a refresh that is answered %i leaves it as it was', async (status) => {
    const { ask, clock, fill, flights, told } = aCache({ sieMs: 1e9 });
    await fill('/a', swr);
    await clock.advance(15_000);
    await ask('/a');
    told();
    flights[1]?.land(aReply({ status }));
    await drained();

    // Nobody has been answered by that, so nothing is told of an answer.
    expect(told()).toEqual([]);
    expect(textOf((await ask('/a')).body)).toBe('/a');
    expect(flights).toHaveLength(3);
  });

  it('a refresh that fails leaves it as it was, and nobody hears of the error', async () => {
    const { ask, clock, fill, flights, told } = aCache({ sieMs: 1e9 });
    await fill('/a', swr);
    await clock.advance(15_000);
    await ask('/a');
    told();
    flights[1]?.fail(new TypeError('lost'));
    await drained();

    expect(told()).toEqual([]);
    expect(textOf((await ask('/a')).body)).toBe('/a');
  });

  it('a refresh that hangs is given up, and another one begins', async () => {
    const { ask, clock, fill, flights } = aCache({ timeoutMs: 1000 });
    await fill('/a', swr);
    await clock.advance(15_000);
    await ask('/a');

    await clock.advance(1000);
    expect(flights[1]?.call.signal.aborted).toBe(true);
    await ask('/a');

    expect(flights).toHaveLength(3);
  });

  it('what is made invalid while it is refreshed is not kept', async () => {
    const { ask, clock, fill, flights, invalidate } = aCache();
    await fill('/a', swr);
    await clock.advance(15_000);
    await ask('/a');
    await invalidate({ url: '/a' });
    flights[1]?.land(found(swr));
    await drained();

    void ask('/a');

    expect(flights).toHaveLength(3);
  });

  it('a refresh for a user who goes is given up', async () => {
    const { ask, clock, fill, flights, setIdentity } = aCache();
    setIdentity('ann');
    await fill('/a', swr);
    await clock.advance(15_000);
    await ask('/a');
    setIdentity('bob');

    void ask('/b');

    expect(flights[1]?.call.signal.aborted).toBe(true);
  });

  it('what is past its window is asked about first', async () => {
    const { ask, clock, fill, flights } = aCache();
    await fill('/a', { ...swr, ...etag });
    await clock.advance(30_000);

    expect(await stateOf(ask('/a'))).toBe('pending');
    expect(flights[1]?.call.priority).toBe('normal');
  });

  it('the options’ window counts where the server gives none', async () => {
    const { ask, clock, fill, told } = aCache({ ttlMs: 1000, swrMs: 5000 });
    await fill('/a');
    await clock.advance(5999);
    told();

    await ask('/a');

    expect(told()).toEqual(['stale /a']);
  });

  it('nothing is asked without a network', async () => {
    const { ask, clock, fill, flights, setOnline } = aCache();
    await fill('/a', swr);
    await clock.advance(15_000);
    setOnline(false);

    expect(textOf((await ask('/a')).body)).toBe('/a');
    expect(flights).toHaveLength(1);
  });
});

describe('instead of an error', () => {
  const sie = { 'cache-control': 'max-age=10, stale-if-error=20' };

  it.each([500, 502, 503, 504])('what is stale answers: %i', async (status) => {
    const { ask, clock, fill, flights, told } = aCache();
    await fill('/a', sie);
    await clock.advance(15_000);
    told();
    const reply = ask('/a');
    flights[1]?.land(aReply({ status }));

    expect(await reply).toMatchObject({ status: 200 });
    expect(ageOf(await reply)).toBe('15');
    expect(told()).toEqual(['stale /a']);
  });

  it.each([400, 403, 404, 408, 429, 501, 505])('what is stale does not: %i', async (status) => {
    const { ask, clock, fill, flights } = aCache();
    await fill('/a', sie);
    await clock.advance(15_000);
    const reply = ask('/a');

    flights[1]?.land(aReply({ status }));

    expect(await reply).toMatchObject({ status });
  });

  it('of the network’s what is stale answers', async () => {
    const { ask, clock, fill, flights } = aCache();
    await fill('/a', sie);
    await clock.advance(29_999);
    const reply = ask('/a');

    flights[1]?.fail(new TypeError('lost'));

    expect(textOf((await reply).body)).toBe('/a');
  });

  it('nothing answers past its window', async () => {
    const { ask, clock, fill, flights } = aCache();
    await fill('/a', sie);
    await clock.advance(30_000);
    const [one, two] = [ask('/a'), failureOf(ask('/a'))];
    const error = new TypeError('lost');

    flights[1]?.land(aReply({ status: 503 }));
    flights[2]?.fail(error);

    expect((await one).status).toBe(503);
    expect(await two).toBe(error);
  });

  it.each(['must-revalidate', 'no-cache'])('nothing answers that says %s', async (value) => {
    const { ask, clock, fill, flights } = aCache({ sieMs: 1e9 });
    await fill('/a', { 'cache-control': `max-age=10, ${value}` });
    await clock.advance(15_000);
    const reply = ask('/a');

    flights[1]?.land(aReply({ status: 503 }));

    expect((await reply).status).toBe(503);
  });

  it('a caller who has left gets his reason', async () => {
    const { ask, clock, fill } = aCache();
    await fill('/a', sie);
    await clock.advance(15_000);
    const controller = new AbortController();
    const failure = failureOf(ask('/a', { signal: controller.signal }));
    const reason = new Error('no longer wanted');

    controller.abort(reason);

    expect(await failure).toBe(reason);
  });

  it('nothing of a user who has gone answers', async () => {
    const { ask, clock, fill, flights, setIdentity } = aCache();
    setIdentity('ann');
    await fill('/a', sie);
    await clock.advance(15_000);
    const reply = ask('/a');
    setIdentity('bob');
    void ask('/b');

    flights[1]?.land(aReply({ status: 503 }));

    expect((await reply).status).toBe(503);
  });

  it('nothing that has been made invalid in the meantime answers', async () => {
    const { ask, clock, fill, flights, invalidate } = aCache();
    await fill('/a', sie);
    await clock.advance(15_000);
    const reply = ask('/a');
    await invalidate({ all: true });

    flights[1]?.land(aReply({ status: 503 }));

    expect((await reply).status).toBe(503);
  });

  it('without a network what is stale answers unasked, within its window', async () => {
    const { ask, clock, fill, flights, setOnline } = aCache();
    await fill('/a', sie);
    setOnline(false);

    await clock.advance(15_000);
    expect(ageOf(await ask('/a'))).toBe('15');
    expect(flights).toHaveLength(1);
    await clock.advance(15_000);
    void ask('/a');

    expect(flights).toHaveLength(2);
  });
});
