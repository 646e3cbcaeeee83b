import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../src/core/types.ts';
import { aCache, ageOf } from '../support/a-cache.ts';
import { aReply, textOf } from '../support/calls.ts';
import { failureOf, stateOf } from '../support/drained.ts';

const etag = { etag: '"a"' };

const bodyOf = (reply: Reply): string | null => textOf(reply.body);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the cache modes', () => {
  it('no-store neither looks nor keeps', async () => {
    const { ask, fill, flown, told } = aCache();
    await fill('/a');
    await fill('/b', {}, { cache: { mode: 'no-store' } });
    told();

    await fill('/a', { 'x-own': '2' }, { cache: { mode: 'no-store' } });
    expect(new Map((await ask('/a')).headers).has('x-own')).toBe(false);
    void ask('/b');

    expect(flown()).toEqual(['/a', '/b', '/a', '/b']);
  });

  it('reload does not look, and keeps', async () => {
    const { ask, fill, flights } = aCache();
    await fill('/a', etag);

    await fill('/a', { etag: '"b"' }, { cache: { mode: 'reload' } });

    expect(flights[1]?.call.headers).toEqual([]);
    expect(new Map((await ask('/a')).headers).get('etag')).toBe('"b"');
    expect(flights).toHaveLength(2);
  });

  it('no-cache asks about what is fresh', async () => {
    const { ask, fill, flights } = aCache();
    await fill('/a', etag);
    const reply = ask('/a', { cache: { mode: 'no-cache' } });
    expect(flights[1]?.call.headers).toEqual([['if-none-match', '"a"']]);

    flights[1]?.land(aReply({ status: 304 }));

    expect(bodyOf(await reply)).toBe('/a');
  });

  it('no-cache and reload take nothing stale for want of an answer', async () => {
    const { ask, fill, flights } = aCache({ sieMs: 1e9 });
    await fill('/a', etag);
    const modes = ['no-cache', 'reload'] as const;
    const failures = modes.map((mode) => failureOf(ask('/a', { cache: { mode } })));
    const error = new TypeError('lost');

    for (const flight of flights.slice(1)) flight.fail(error);

    expect(await Promise.all(failures)).toEqual([error, error]);
  });

  it('force-cache takes what there is, however stale, and asks for what there isn’t', async () => {
    const { ask, clock, fill, flown } = aCache();
    await fill('/a', { 'cache-control': 'max-age=1, must-revalidate' });
    await clock.advance(1e6);

    const reply = await ask('/a', { cache: { mode: 'force-cache' } });
    void ask('/b', { cache: { mode: 'force-cache' } });

    expect(ageOf(reply)).toBe('1000');
    expect(flown()).toEqual(['/a', '/b']);
  });

  it('only-if-cached takes what there is, however stale, and never asks', async () => {
    const { ask, clock, fill, flown } = aCache();
    await fill('/a');
    await clock.advance(1e6);

    const reply = await ask('/a', { cache: { mode: 'only-if-cached' } });
    const error = await failureOf(ask('/b', { cache: { mode: 'only-if-cached' } }));

    expect(bodyOf(reply)).toBe('/a');
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain('https://app.test/b is not in the cache');
    expect(flown()).toEqual(['/a']);
  });

  it('only-if-cached never asks, even where nobody can say whose the call is', async () => {
    const { ask, flown, setIdentity } = aCache();
    setIdentity(() => {
      throw new Error('own');
    });

    const state = await stateOf(ask('/a', { cache: { mode: 'only-if-cached' } }));

    expect(flown()).toEqual([]);
    expect(state).toBe('failed');
  });
});

describe('what a request’s headers ask', () => {
  it('no-store neither looks nor keeps', async () => {
    const { ask, fill, flown } = aCache();
    const headers = [['cache-control', 'no-store']] as const;
    await fill('/a', {}, { headers });
    await fill('/a');

    void ask('/a', { headers });

    expect(flown()).toHaveLength(3);
  });

  it('only-if-cached is a gateway timeout where there is nothing', async () => {
    const { ask, fill, flown } = aCache();
    await fill('/a');
    const headers = [['cache-control', 'only-if-cached']] as const;

    expect(await ask('/a', { headers })).toMatchObject({ status: 200 });
    expect(await ask('/b', { headers })).toMatchObject({
      status: 504,
      statusText: 'Gateway Timeout',
      url: 'https://app.test/b',
    });
    expect(flown()).toEqual(['/a']);
  });

  it.each(['no-cache', 'max-age=0'])('%s asks about what is fresh', async (value) => {
    const { ask, clock, fill, flights } = aCache();
    await fill('/a', etag);
    await clock.advance(1);

    void ask('/a', { headers: [['cache-control', value]] });

    expect(flights[1]?.call.headers).toContainEqual(['if-none-match', '"a"']);
  });
});
