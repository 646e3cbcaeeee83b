import { afterEach, describe, expect, it, vi } from 'vitest';
import { BatchError } from '../../src/core/errors.ts';
import type { Reply } from '../../src/core/types.ts';
import { aCache } from '../support/a-cache.ts';
import { aReply } from '../support/calls.ts';
import { drained, failureOf } from '../support/drained.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('an unsafe call', () => {
  it.each<[string, Partial<Reply>, string[]]>([
    ['that succeeded', {}, ['/a']],
    ['that was accepted', { status: 202 }, ['/a']],
    ['that was redirected', { status: 303 }, ['/a']],
    ['of whose answer nothing is known', { status: 0 }, ['/a']],
    ['that was refused', { status: 400 }, []],
    ['that failed', { status: 500 }, []],
    ['that created something', { headers: [['location', '/b?x#y']] }, ['/a', '/b?x']],
    [
      'that says where its content is, too',
      {
        headers: [
          ['location', '/b'],
          ['content-location', 'c'],
        ],
      },
      ['/a', '/b', '/c'],
    ],
    ['that speaks of itself', { headers: [['content-location', '/a']] }, ['/a']],
    [
      'that the platform has redirected, as it would if that were seen,',
      { redirected: true, url: 'https://app.test/b' },
      ['/a', '/b'],
    ],
    ['that points elsewhere', { headers: [['location', 'https://other.test/b']] }, ['/a']],
    ['that points nowhere', { headers: [['location', 'https://']] }, ['/a']],
  ])('%s makes invalid: %j', async (_, given, expected) => {
    const { ask, flights, told } = aCache();
    const reply = ask('/a', { method: 'POST' });

    flights[0]?.land(aReply(given));

    await reply;
    expect(told()).toEqual(expected.map((path) => `invalidated ${path}`));
  });

  it('makes invalid what its rule says, all variants of it, and nothing else', async () => {
    const { ask, fill, flown, flights } = aCache({
      rules: [{ match: '/a', invalidates: ['/b/*', { tags: ['t'] }, { url: '/c' }] }],
    });
    for (const path of ['/b/1', '/b/2', '/c', '/c?x', '/d', '/e'])
      await fill(path, path === '/d' ? { 'cache-tag': 's, t' } : {});
    const reply = ask('/a', { method: 'POST' });
    flights.at(-1)?.land(aReply());
    await reply;
    const before = flown().length;

    for (const path of ['/b/1', '/b/2', '/c', '/c?x', '/d', '/e']) void ask(path);

    expect(flown().slice(before)).toEqual(['/b/1', '/b/2', '/c', '/d']);
  });

  it('has its caller wait for what must be forgotten, and only for that', async () => {
    const { ask, erase, erasing, flights } = aCache({ isSlow: true });
    let isSettled = false;
    const reply = ask('/a', { method: 'POST' }).then(() => {
      isSettled = true;
    });
    flights[0]?.land(aReply());
    await drained();
    expect([isSettled, erasing()]).toEqual([false, 1]);

    await erase();
    await reply;

    expect(isSettled).toBe(true);
  });

  it('has nobody wait where all is in memory', () => {
    expect(aCache().wrote(['https://app.test/a'], 'POST', 200, [])).toBeUndefined();
  });

  it('that failed has nobody wait, either', () => {
    const { wrote } = aCache({ isSlow: true });

    expect(wrote(['https://app.test/a'], 'POST', 500, [])).toBeUndefined();
  });

  it('makes invalid for the next call, before its caller hears of it', async () => {
    const { ask, fill, flights, flown } = aCache();
    await fill('/a');
    const next = ask('/a', { method: 'PUT' }).then(() => {
      void ask('/a');
    });

    flights[1]?.land(aReply({ status: 204 }));
    await next;

    expect(flown()).toEqual(['/a', '/a', '/a']);
  });

  it.each<[string, unknown, string[]]>([
    ['lost its connection', new BatchError('network', 'lost'), ['/a', '/b']],
    ['was too slow', new BatchError('timeout', 'too long'), ['/a', '/b']],
    ['was abandoned', null, ['/a', '/b']],
    ['was refused with its batch', new BatchError('status', '400', { status: 400 }), []],
  ])(
    'that %s makes invalid what it may have changed, and fails all the same',
    async (_, error, changed) => {
      const { ask, fill, flights, flown } = aCache({
        rules: [{ match: '/a', invalidates: ['/b'] }],
      });
      for (const path of ['/a', '/b', '/c']) await fill(path);
      const failure = failureOf(ask('/a', { method: 'POST' }));

      flights.at(-1)?.fail(error);

      expect(await failure).toBe(error);
      const before = flown().length;
      for (const path of ['/a', '/b', '/c']) void ask(path);
      expect(flown().slice(before)).toEqual(changed);
    },
  );

  it('that failed has nobody wait for the disk', async () => {
    const { ask, erasing, flights } = aCache({ isSlow: true });
    const failure = failureOf(ask('/a', { method: 'POST' }));
    const error = new TypeError('lost');

    flights[0]?.fail(error);

    expect(await failure).toBe(error);
    expect(erasing()).toBe(1);
  });

  it('without the cache makes invalid all the same', async () => {
    const { ask, fill, flights, told } = aCache();
    await fill('/a');
    told();
    const reply = ask('/a', { method: 'POST', cache: null });
    flights[1]?.land(aReply());

    await reply;

    expect(told()).toEqual(['invalidated /a']);
  });
});

describe('what is told', () => {
  it('is a miss, that it is stored, a hit, an invalidation; in this order, with where it was', async () => {
    const { ask, events, fill, invalidate } = aCache();
    await fill('/a');
    await ask('/a');
    await invalidate({ url: '/a' });

    const url = 'https://app.test/a';
    expect(events.map((event) => ({ ...event }))).toMatchObject([
      { url, outcome: 'miss' },
      { url, outcome: 'stored' },
      { url, outcome: 'hit', from: 'memory' },
      { url, outcome: 'invalidated' },
    ]);
  });

  it('is what had to make room', async () => {
    const { ask, fill, flown, told } = aCache({ maxEntries: 2 });
    for (const path of ['/a', '/b']) await fill(path);
    await ask('/a');
    told();

    await fill('/c');

    expect(told()).toEqual(['miss /c', 'evicted /b', 'stored /c']);
    await ask('/a');
    void ask('/b');
    expect(flown()).toEqual(['/a', '/b', '/c', '/b']);
  });

  it('is that nobody can say whose calls these are, which go on without the cache', async () => {
    const { fill, flown, setIdentity, told } = aCache();
    setIdentity(() => {
      throw new Error('own');
    });

    await fill('/a');
    await fill('/a');

    expect(flown()).toEqual(['/a', '/a']);
    expect(told()).toEqual(['failure']);
  });
});
