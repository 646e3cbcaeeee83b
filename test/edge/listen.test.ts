import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCarpool } from '../../src/carpool.ts';
import type { Invalidation } from '../../src/core/filter.ts';
import { createListening } from '../../src/edge/listen.ts';
import { drained } from '../support/drained.ts';
import { fakeClock } from '../support/fake-clock.ts';

/** What the page has connected, oldest first. */
let connections: (FakeEvents | FakeSocket)[] = [];

class FakeEvents {
  static readonly CLOSED = 2;
  readyState = 0;
  onopen = (): void => {};
  onmessage: (message: { data: string; lastEventId: string }) => void = () => {};
  onerror = (): void => {};
  readonly url: URL;
  readonly init: EventSourceInit;
  constructor(url: URL, init: EventSourceInit) {
    this.url = url;
    this.init = init;
    connections.push(this);
  }
  close(): void {
    this.readyState = 2;
  }
  /** The browser tries again by itself. */
  stumble(): void {
    this.readyState = 0;
    this.onerror();
  }
  refuse(): void {
    this.readyState = 2;
    this.onerror();
  }
}

class FakeSocket {
  onopen = (): void => {};
  onmessage: (message: { data: string }) => void = () => {};
  onclose: (() => void) | null = null;
  readonly url: URL;
  isClosed = false;
  constructor(url: URL) {
    this.url = url;
    connections.push(this);
  }
  close(): void {
    this.isClosed = true;
    this.onclose?.();
  }
}

beforeEach(() => {
  connections = [];
  vi.stubGlobal('EventSource', FakeEvents);
  vi.stubGlobal('WebSocket', FakeSocket);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function aListening() {
  const clock = fakeClock();
  const invalidated: Invalidation[] = [];
  const failures: unknown[] = [];
  const listening = createListening({
    clock,
    random: () => 0,
    invalidate: async (what) => {
      if (what.tags === undefined && what.all === undefined) throw new TypeError('says nothing');
      invalidated.push(what);
    },
    onFailure: (error) => failures.push(error),
  });
  return { ...listening, clock, invalidated, failures };
}

const eventsUrl = new URL('https://app.test/events');
const socketUrl = new URL('wss://app.test/events');
const message = (what: unknown, lastEventId = '') => ({ data: JSON.stringify(what), lastEventId });
const events = (at = -1) => connections.at(at) as FakeEvents;
const socket = (at = -1) => connections.at(at) as FakeSocket;

describe('server-sent events', () => {
  it('are connected to with credentials, and invalidate what they say', () => {
    const { listen, invalidated } = aListening();

    listen(eventsUrl);
    events().onopen();
    events().onmessage(message({ tags: ['quotes'] }));

    expect(events().url).toBe(eventsUrl);
    expect(events().init).toEqual({ withCredentials: true });
    expect(invalidated).toEqual([{ tags: ['quotes'] }]);
  });

  it.each([
    ['no JSON', '{'],
    ['no invalidation', '{"x":1}'],
  ])('that are %s are told of, and heard on after', async (_, data) => {
    const { listen, invalidated, failures } = aListening();
    listen(eventsUrl);

    events().onmessage({ data, lastEventId: '' });
    events().onmessage(message({ tags: ['a'] }));
    await drained();

    expect(failures).toHaveLength(1);
    expect(invalidated).toEqual([{ tags: ['a'] }]);
  });

  it('that stumble invalidate everything when they go on, since some may have been missed', () => {
    const { listen, invalidated } = aListening();
    listen(eventsUrl);
    events().onopen();

    events().stumble();
    expect(invalidated).toEqual([]);
    events().onopen();

    expect(invalidated).toEqual([{ all: true }]);
    expect(connections).toHaveLength(1);
  });

  it('with ids leave it to the server to say what was missed', () => {
    const { listen, invalidated } = aListening();
    listen(eventsUrl);
    events().onopen();
    events().onmessage(message({ tags: ['a'] }, '1'));

    events().stumble();
    events().onopen();

    expect(invalidated).toEqual([{ tags: ['a'] }]);
  });

  it('that are refused are tried again, ever later, and then everything is invalidated', async () => {
    const { listen, clock, invalidated, failures } = aListening();
    listen(eventsUrl);
    events().onmessage(message({ tags: ['a'] }, '1'));

    events().refuse();
    await clock.advance(499);
    expect(connections).toHaveLength(1);
    await clock.advance(1);
    expect(connections).toHaveLength(2);
    events().refuse();
    await clock.advance(999);
    expect(connections).toHaveLength(2);
    await clock.advance(1);
    events().onopen();

    expect(connections).toHaveLength(3);
    expect(failures).toHaveLength(2);
    expect(invalidated).toEqual([{ tags: ['a'] }, { all: true }]);
  });

  it('are never tried more rarely than every 30 s, and at first again once they were there', async () => {
    const { listen, clock } = aListening();
    listen(eventsUrl);
    for (let i = 0; i < 20; i++) {
      events().refuse();
      await clock.advance(30_000);
    }
    expect(connections).toHaveLength(21);

    events().onopen();
    events().refuse();
    await clock.advance(500);

    expect(connections).toHaveLength(22);
  });
});

describe('a WebSocket', () => {
  it('is connected to for ws: and wss:, and invalidates what it says', () => {
    const { listen, invalidated } = aListening();

    listen(socketUrl);
    socket().onopen();
    socket().onmessage(message({ tags: ['quotes'] }));

    expect(connections[0]).toBeInstanceOf(FakeSocket);
    expect(invalidated).toEqual([{ tags: ['quotes'] }]);
  });

  it('that closes is opened again, and then everything is invalidated', async () => {
    const { listen, clock, invalidated } = aListening();
    listen(socketUrl);
    socket().onopen();

    socket().close();
    await clock.advance(500);
    socket().onopen();

    expect(connections).toHaveLength(2);
    expect(invalidated).toEqual([{ all: true }]);
  });
});

describe('a platform without them', () => {
  it.each([
    ['EventSource', eventsUrl],
    ['WebSocket', socketUrl],
  ])('such as a server without %s is told so, once, and hears nothing', async (name, url) => {
    vi.stubGlobal(name, undefined);
    delete (globalThis as Record<string, unknown>)[name];
    const { listen, clock, failures } = aListening();

    const stop = listen(url);
    await clock.advance(60_000);
    stop();

    expect(failures).toEqual([new TypeError(`this platform has no ${name}`)]);
    expect(connections).toEqual([]);
  });
});

describe('who stops listening', () => {
  it.each([eventsUrl, socketUrl])('closes %s, and makes no new one', async (url) => {
    const { listen, clock, failures } = aListening();
    const stop = listen(url);

    stop();
    await clock.advance(60_000);

    expect(connections).toHaveLength(1);
    expect(failures).toEqual([]);
    const [one] = connections;
    expect(one instanceof FakeSocket ? one.isClosed : one!.readyState === 2).toBe(true);
  });

  it('while it waits to try again gives that up', async () => {
    const { listen, clock } = aListening();
    const stop = listen(eventsUrl);
    events().refuse();

    stop();
    await clock.advance(60_000);

    expect(connections).toHaveLength(1);
  });
});

describe('a page in the back/forward cache', () => {
  it('has no connection; when it is shown, it makes them anew, and invalidates everything', () => {
    const { listen, sleep, wake, invalidated } = aListening();
    listen(eventsUrl);
    const stop = listen(socketUrl);
    stop();

    sleep();
    expect(events(0).readyState).toBe(2);
    wake();
    events().onopen();

    expect(connections).toHaveLength(3);
    expect(events().url).toBe(eventsUrl);
    // What was announced meanwhile, the disk doesn't know.
    expect(invalidated).toEqual([{ all: true }]);
  });
});

describe('carpool.listen', () => {
  it('needs a cache', () => {
    expect(() => createCarpool().listen('/events')).toThrow('listen needs a cache');
  });

  it.each(['ftp://app.test/events', '/events', 'https://', ''])(
    "refuses '%s', where there is no page, by name",
    (url) => {
      const carpool = createCarpool({ endpoint: 'https://app.test/batch', cache: {} });

      expect(() => carpool.listen(url)).toThrow(`got '${url}'`);
    },
  );

  it('tells of what is lost, and of what is invalidated; disposing ends it', async () => {
    const carpool = createCarpool({ endpoint: 'https://app.test/batch', cache: {} });
    const told: unknown[] = [];
    carpool.on('cache', ({ outcome, reason }) => told.push(reason ?? outcome));

    carpool.listen(eventsUrl);
    events().onmessage({ data: '{', lastEventId: '' });
    events().onmessage(message({ tags: ['a'] }));
    await carpool.flush();
    await carpool.dispose();

    expect(told).toEqual(['listen', 'invalidated']);
    expect(events().readyState).toBe(2);
  });
});
