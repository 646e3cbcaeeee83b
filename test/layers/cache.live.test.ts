import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../src/core/types.ts';
import { toResponse } from '../../src/edge/to-response.ts';
import { aCache, found } from '../support/a-cache.ts';
import { bytesOf, textOf } from '../support/calls.ts';
import { drained } from '../support/drained.ts';
import { unhandledDuring } from '../support/unhandled.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

interface LiveBody {
  readonly reply: Reply;
  readonly write: (text: string) => void;
  readonly end: () => void;
  readonly breakOff: (error: unknown) => void;
}

/** A reply whose body the test writes, as it arrives natively. */
function liveBody(fields: Readonly<Record<string, string>> = {}): LiveBody {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
  });
  const live = new Response(body);
  return {
    reply: found(fields, { live, body: null }),
    write: (text) => {
      controller.enqueue(bytesOf(text));
    },
    end: () => {
      controller.close();
    },
    breakOff: (error) => {
      controller.error(error);
    },
  };
}

describe('a live answer', () => {
  it('is handed on at once, and kept when its body has come', async () => {
    const { ask, flights, told } = aCache();
    const { end, reply, write } = liveBody();
    const asked = ask('/a');
    flights[0]?.land(reply);
    const reader = toResponse(await asked, undefined).body!.getReader();

    write('one');
    expect(textOf((await reader.read()).value as Uint8Array)).toBe('one');
    expect(told()).toEqual(['miss /a']);
    write(' two');
    end();
    expect(textOf((await reader.read()).value as Uint8Array)).toBe(' two');
    expect((await reader.read()).done).toBe(true);

    expect(told()).toEqual(['stored /a']);
    const again = await ask('/a');
    expect(again.live).toBeUndefined();
    expect(textOf(again.body)).toBe('one two');
    expect(flights).toHaveLength(1);
  });

  it('is not kept if nobody reads it, nor is it read for that', async () => {
    const { ask, flights, told } = aCache();
    const { end, reply, write } = liveBody();
    const asked = ask('/a');
    flights[0]?.land(reply);
    await asked;
    write('all');
    end();
    await drained();

    expect(told()).toEqual(['miss /a']);
    expect(reply.live?.bodyUsed).toBe(false);
    void ask('/a');
    expect(flights).toHaveLength(2);
  });

  it('that is too large is not kept, and its caller reads all of it', async () => {
    const { ask, flights, told } = aCache({ maxBytes: 1000 });
    const { end, reply, write } = liveBody();
    const asked = ask('/a');
    flights[0]?.land(reply);
    const text = toResponse(await asked, undefined).text();

    for (let n = 0; n < 50; n++) {
      write('x'.repeat(100));
      await drained();
    }
    end();

    expect((await text).length).toBe(5000);
    expect(told()).toEqual(['miss /a']);
    void ask('/a');
    expect(flights).toHaveLength(2);
  });

  it('that is too large takes the place of what was kept', async () => {
    const { ask, fill, flights } = aCache({ maxBytes: 1000 });
    await fill('/a');
    const { end, reply, write } = liveBody();
    const asked = ask('/a', { cache: { mode: 'reload' } });
    flights[1]?.land(reply);
    const text = toResponse(await asked, undefined).text();
    write('x'.repeat(500));
    end();
    await text;

    void ask('/a');

    expect(flights).toHaveLength(3);
  });

  it('that breaks off is not kept, and its caller hears of it', async () => {
    const { ask, flights, told } = aCache();
    const { breakOff, reply, write } = liveBody();
    const asked = ask('/a');
    flights[0]?.land(reply);
    const text = toResponse(await asked, undefined).text();
    write('half');
    await drained();
    const error = new TypeError('lost');

    breakOff(error);

    await expect(text).rejects.toBe(error);
    await drained();
    expect(told()).toEqual(['miss /a']);
    void ask('/a');
    expect(flights).toHaveLength(2);
  });

  it('whose caller leaves in its middle is not kept by halves', async () => {
    const { ask, flights, told } = aCache();
    const controller = new AbortController();
    const { breakOff, reply, write } = liveBody();
    const asked = ask('/a', { signal: controller.signal });
    flights[0]?.land(reply);
    await asked;
    write('half');
    // As the platform does with a body whose request is aborted.
    controller.signal.addEventListener('abort', () => {
      breakOff(controller.signal.reason);
    });

    controller.abort();
    await drained();

    expect(told()).toEqual(['miss /a']);
    void ask('/a');
    expect(flights).toHaveLength(2);
  });

  it('whose caller cancels its body is broken off, and not kept', async () => {
    let isCancelled = false;
    const live = new Response(
      new ReadableStream<Uint8Array>({
        cancel: () => {
          isCancelled = true;
        },
      }),
    );
    const { ask, flights } = aCache();
    const asked = ask('/a');
    flights[0]?.land(found({}, { live, body: null }));

    await toResponse(await asked, undefined).body!.cancel();

    expect(isCancelled).toBe(true);
    void ask('/a');
    expect(flights).toHaveLength(2);
  });

  it('that is made invalid while its body comes is not kept', async () => {
    const { ask, flights, invalidate, told } = aCache();
    const { end, reply, write } = liveBody();
    const asked = ask('/a');
    flights[0]?.land(reply);
    const text = toResponse(await asked, undefined).text();
    write('one');
    await invalidate({ url: '/a' });
    told();

    end();
    await text;

    expect(told()).toEqual([]);
    void ask('/a');
    expect(flights).toHaveLength(2);
  });

  it('has no body where its status has none, and is kept so', async () => {
    const { ask, flights } = aCache();
    const asked = ask('/a');
    flights[0]?.land(
      found({}, { status: 204, live: new Response(null, { status: 204 }), body: null }),
    );
    await asked;
    await drained();

    expect(await ask('/a')).toMatchObject({ status: 204, body: null });
    expect(flights).toHaveLength(1);
  });

  it('that the platform has redirected is not kept: it is another URL’s', async () => {
    const { ask, flights, told } = aCache();
    const asked = ask('/a');
    flights[0]?.land(found({}, { redirected: true, url: 'https://app.test/b' }));
    await asked;
    await drained();

    expect(told()).toEqual(['miss /a']);
    void ask('/b');
    expect(flights).toHaveLength(2);
  });

  it('may break off before it is let go of for a stale one, and nobody is told', async () => {
    const { ask, fill, flights } = aCache({ ttlMs: 0, sieMs: 1e9 });
    await fill('/a');
    const { breakOff, reply } = liveBody();

    const unhandled = await unhandledDuring(async () => {
      const asked = ask('/a');
      breakOff(new TypeError('lost'));
      flights[1]?.land({ ...reply, status: 503 });
      await asked;
    });

    expect(unhandled).toEqual([]);
  });
});

describe('a store that has to be waited for', () => {
  it('has conditional calls of many entries sent in one turn', async () => {
    const { ask, clock, flights, lookUp } = aCache({ isSlow: true, ttlMs: 1000 });
    const paths = ['/a', '/b', '/c'];
    const first = paths.map((path) => ask(path));
    await lookUp();
    for (const [n, flight] of flights.entries()) flight.land(found({ etag: `"${String(n)}"` }));
    await Promise.all(first);
    await drained();
    await clock.advance(1000);

    for (const path of paths) void ask(path);
    await lookUp();

    expect(flights.slice(3).map(({ call }) => call.headers)).toEqual(
      [0, 1, 2].map((n) => [['if-none-match', `"${String(n)}"`]]),
    );
  });

  it('is of no use to a user who has come while it was asked', async () => {
    const { ask, flights, lookUp, setIdentity, told } = aCache({ isSlow: true });
    setIdentity('ann');
    const first = ask('/a');
    await lookUp();
    flights[0]?.land(found());
    await first;
    await drained();
    told();

    const second = ask('/a');
    setIdentity('bob');
    void ask('/b');
    await lookUp();

    expect(told()).toEqual([]);
    expect(flights).toHaveLength(3);
    flights[1]?.land(found());
    await second;
    await drained();
    expect(told()).not.toContain('stored /a');
  });

  it('may be asked by who never gets an answer', async () => {
    const { ask, held, lookUp } = aCache({ isSlow: true });
    const failure = ask('/a', { cache: { mode: 'only-if-cached' } }).catch(String);

    await lookUp();

    expect(await failure).toContain('only-if-cached forbids');
    expect(held()).toBe(0);
  });
});
