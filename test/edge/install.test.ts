import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { createInstaller, type Installer } from '../../src/edge/install.ts';
import { aClient, url } from '../support/a-client.ts';
import { drained } from '../support/drained.ts';
import { endpoint, fakeNetwork } from '../support/fake-network.ts';

type Fetch = typeof globalThis.fetch;

const page = vi.fn<Fetch>();

beforeEach(() => {
  page.mockReset().mockImplementation(() => Promise.resolve(new Response()));
  vi.stubGlobal('fetch', page);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A client reduced to what matters here: it notes that it was asked, and asks what is below it. */
interface Stub extends Installer {
  readonly put: () => () => void;
}

const log: string[] = [];

function aStub(name: string): Stub {
  const installer = createInstaller();
  return {
    ...installer,
    put: () =>
      installer.install((...args) => {
        log.push(name);
        return installer.native(...args);
      }),
  };
}

/** Who is asked, from the top down, when the page calls `fetch`. */
async function asked(): Promise<string[]> {
  log.length = 0;
  page.mockClear();
  await globalThis.fetch('https://app.test/');
  expect(page).toHaveBeenCalledTimes(1);
  return [...log];
}

describe('install', () => {
  it('puts a client on top of the page’s `fetch`, and takes it away', async () => {
    const uninstall = aStub('a').put();

    expect(await asked()).toEqual(['a']);
    uninstall();

    expect(globalThis.fetch).toBe(page);
    expect(await asked()).toEqual([]);
  });

  it('may be taken back twice', () => {
    const uninstall = aStub('a').put();
    uninstall();

    globalThis.fetch = vi.fn<Fetch>();
    const other = globalThis.fetch;
    uninstall();

    expect(globalThis.fetch).toBe(other);
  });

  it('nests, and is taken away in any order', async () => {
    const [a, b, c] = [aStub('a').put(), aStub('b').put(), aStub('c').put()];

    expect(await asked()).toEqual(['c', 'b', 'a']);
    b();
    expect(await asked()).toEqual(['c', 'a']);
    a();
    expect(await asked()).toEqual(['c']);
    c();

    expect(globalThis.fetch).toBe(page);
  });

  it('lets another’s wrapper stay that stands on top, and passes its calls on', async () => {
    const uninstall = aStub('a').put();
    const below = globalThis.fetch;
    const foreign: Fetch = (...args) => {
      log.push('foreign');
      return below(...args);
    };
    globalThis.fetch = foreign;

    expect(await asked()).toEqual(['foreign', 'a']);
    uninstall();

    expect(globalThis.fetch).toBe(foreign);
    expect(await asked()).toEqual(['foreign']);
  });

  it('goes for good once the other’s wrapper has gone', async () => {
    const a = aStub('a');
    const uninstall = a.put();
    const below = globalThis.fetch;
    globalThis.fetch = (...args) => below(...args);
    uninstall();
    globalThis.fetch = below;

    expect(await asked()).toEqual([]);
    aStub('b').put()();

    expect(globalThis.fetch).toBe(page);
  });

  it('of one client twice asks it once', async () => {
    const a = aStub('a');
    const [first, second] = [a.put(), a.put()];

    expect(await asked()).toEqual(['a']);
    first();
    expect(await asked()).toEqual(['a']);
    second();

    expect(globalThis.fetch).toBe(page);
  });

  it('holds whatever comes and goes, in whatever order', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constantFrom('put', 'wrap'), which: fc.nat(2) }),
      fc.record({ do: fc.constant('take'), which: fc.nat(10) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (story) => {
        globalThis.fetch = page;
        const stubs = ['a', 'b', 'c'].map(aStub);
        const installed: { name: string; take: () => void }[] = [];

        for (const one of story) {
          if (one.do === 'put') {
            installed.push({ name: 'abc'[one.which]!, take: stubs[one.which]!.put() });
          } else if (one.do === 'wrap') {
            const below = globalThis.fetch;
            globalThis.fetch = (...args) => below(...args);
          } else {
            installed.splice(one.which % (installed.length || 1), 1)[0]?.take();
          }

          // Each is asked once at most, and none that has been taken away.
          const names = await asked();
          expect(new Set(names).size).toBe(names.length);
          const known = installed.map(({ name }) => name);
          expect(names.filter((name) => !known.includes(name))).toEqual([]);
          if (installed.length > 0) expect(names.length).toBeGreaterThan(0);
        }

        for (const { take } of installed) take();
        expect(await asked()).toEqual([]);
      }),
    );
  });
});

describe('an installed client', () => {
  it('batches the page’s calls, and never its own batches', async () => {
    const { batches, carpool, natives } = aClient();

    carpool.install();
    await Promise.all([fetch(url('/a')), fetch(url('/b'))]);
    await fetch(url('/c'), { cache: 'no-store' });

    expect(batches()).toHaveLength(1);
    expect(natives().map((one) => one.url)).toEqual([url('/c')]);
  });

  it('lets another on top of it batch, and does not batch again', async () => {
    const { batches } = fakeNetwork();
    const [one, two] = [
      createCarpool({ endpoint }),
      createCarpool({ endpoint, batchSingle: true }),
    ];
    one.install();
    two.install();

    await Promise.all([fetch(url('/a')), fetch(url('/b'))]);
    await drained();

    expect(batches()).toHaveLength(1);
    expect([one.stats().batches, two.stats().batches]).toEqual([0, 1]);
  });

  it('goes with its client', async () => {
    const { carpool } = aClient();
    const before = globalThis.fetch;
    carpool.install();
    carpool.install();

    await carpool.dispose();

    expect(globalThis.fetch).toBe(before);
  });
});

describe('native `fetch`', () => {
  it('is looked up when it is called', async () => {
    const carpool = createCarpool({ endpoint });
    const { natives } = fakeNetwork();

    await carpool.fetch(url('/a'), { cache: 'no-store' });

    expect(natives()).toHaveLength(1);
    expect(page).not.toHaveBeenCalled();
  });

  it('is looked up again once a client has been taken away', async () => {
    const carpool = createCarpool({ endpoint });
    carpool.install()();
    const { natives } = fakeNetwork();

    await carpool.fetch(url('/a'), { cache: 'no-store' });

    expect(natives()).toHaveLength(1);
    expect(page).not.toHaveBeenCalled();
  });
});
