import { expect, test } from '@playwright/test';
import type { BrowserContext, Page, Request } from '@playwright/test';
import type { Carpool, CarpoolEvents } from 'carpool';
import {
  collectRequests,
  collectTrouble,
  isData,
  loaded,
  readViolations,
  recordViolations,
  widgets,
} from './dashboard-page.ts';

declare global {
  interface Window {
    readonly __dashboard: {
      readonly carpool: Carpool;
      /** What the cache has told since the page was opened. */
      readonly cacheEvents: readonly CarpoolEvents['cache'][];
      /** Who is logged in. */
      user: string | null;
    };
    /** Set by a test. */
    happened?: () => Promise<void>;
  }
}

// For what hangs; a slow machine is no reason to fail.
test.describe.configure({ timeout: 300_000 });

const ttlSeconds = 120;

/** Sixty distinct widgets. They carry the time that they are fresh for, so another one has other URLs. */
const address = (seconds = ttlSeconds, delay = 80) =>
  `/?cache=${seconds}&distinct=1&delay=${delay}`;

/** Resolves when all tiles are rendered; fails if a tile or the storage has failed. */
async function shown(page: Page): Promise<void> {
  await loaded(page);
  expect(await failures(page)).toEqual([]);
  await expect(page.locator('.card[data-state=ready]')).toHaveCount(widgets);
}

/** Opens the dashboard, until all of it is rendered and on the disk. */
async function visit(page: Page, url = address()): Promise<void> {
  await page.goto(url);
  await shown(page);
  await saved(page);
}

/** Resolves when the answers so far are written: the cache does that behind them. */
const saved = (page: Page) => page.evaluate(() => window.__dashboard.carpool.flush());

/** Puts the page's clock forward, from its next load on; it goes on from there. */
const leap = (page: Page, seconds: number) =>
  page.clock.install({ time: Date.now() + seconds * 1000 });

/** How many tiles came from where. */
async function sources(page: Page): Promise<Record<string, number>> {
  const found = await page
    .locator('.card')
    .evaluateAll((cards) => cards.map((card) => card.getAttribute('data-source') ?? 'none'));
  const counts: Record<string, number> = {};
  for (const source of found) counts[source] = (counts[source] ?? 0) + 1;
  return counts;
}

/** What storage has done wrong. */
const failures = (page: Page) =>
  page.evaluate(() =>
    window.__dashboard.cacheEvents
      .filter(({ outcome }) => outcome === 'failure')
      .map(({ reason, error }) => `${reason}: ${String(error)}`),
  );

/** The next batch that the page sends. */
const nextBatch = (page: Page) =>
  page.waitForRequest((request) => new URL(request.url()).pathname === '/batch');

interface Item {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const itemsOf = (batch: Request) =>
  (batch.postDataJSON() as { requests: readonly Item[] }).requests;

/** Keeps the answers to batches, which the browser doesn't: the page reads them as they stream. */
async function collectAnswers(page: Page): Promise<string[]> {
  const answers: string[] = [];
  await page.route('**/batch', async (route) => {
    const response = await route.fetch();
    answers.push(await response.text());
    await route.fulfill({ response });
  });
  return answers;
}

/** The statuses of a streamed answer's parts, in order of arrival. */
const statusesOf = (answer = '') =>
  answer
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { id?: string; status: number })
    .flatMap(({ id, status }) => (id === undefined ? [] : [status]));

/**
 * Keeps the page itself at hand, as a service worker would, so that it can be opened without a
 * network: Playwright answers for the document and its assets, and nothing else gets through.
 */
async function keepAssets(page: Page): Promise<{ goOffline: () => Promise<void> }> {
  type Answer = { status: number; headers: Record<string, string>; body: Buffer };
  const kept = new Map<string, Answer>();
  let isOffline = false;

  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (isData(pathname)) {
      await (isOffline ? route.abort('internetdisconnected') : route.continue());
      return;
    }
    let answer = kept.get(pathname);
    if (!answer) {
      const response = await route.fetch();
      answer = {
        status: response.status(),
        headers: response.headers(),
        body: await response.body(),
      };
      kept.set(pathname, answer);
    }
    await route.fulfill(answer);
  });

  return {
    async goOffline() {
      isOffline = true;
      // Routed answers still arrive; what this adds is `navigator.onLine`.
      await page.context().setOffline(true);
    },
  };
}

test.describe('reloading the dashboard', () => {
  test('offline: all tiles come from the disk, and nothing is even tried', async ({ page }) => {
    const { goOffline } = await keepAssets(page);
    await visit(page);
    await goOffline();
    const requests = collectRequests(page);

    await page.reload();
    await shown(page);

    expect(await page.evaluate(() => navigator.onLine)).toBe(false);
    expect(await sources(page)).toEqual({ disk: widgets });
    expect(requests).toEqual([]);
  });

  test('offline and long after: what has gone stale still serves', async ({ page }) => {
    const { goOffline } = await keepAssets(page);
    await visit(page);
    await goOffline();
    await leap(page, 3600);
    const requests = collectRequests(page);

    await page.reload();
    await shown(page);

    expect(await sources(page)).toEqual({ disk: widgets });
    expect(requests).toEqual([]);
  });

  test('within its time: no request', async ({ page }) => {
    await visit(page);
    const requests = collectRequests(page);

    await page.reload();
    await shown(page);

    expect(await sources(page)).toEqual({ disk: widgets });
    expect(requests).toEqual([]);
    await expect(page.locator('#counts [data-measure=requests] [data-mode=carpool]')).toHaveText(
      '0',
    );
    await expect(page.locator('#counts [data-measure=cache] [data-mode=carpool]')).toHaveText(
      `${widgets} of ${widgets}`,
    );
  });

  test('loading again without leaving the page: memory has it all', async ({ page }) => {
    await visit(page);
    const requests = collectRequests(page);

    await page.getByRole('button', { name: 'Reload' }).click();
    await shown(page);

    expect(await sources(page)).toEqual({ memory: widgets });
    expect(requests).toEqual([]);
  });

  test('after its time: one batch asks whether it still holds, and it does', async ({ page }) => {
    await visit(page);
    await leap(page, 2 * ttlSeconds);
    const answers = await collectAnswers(page);
    const requests = collectRequests(page);
    const batch = nextBatch(page);

    await page.reload();
    await shown(page);

    expect(requests).toEqual(['POST /batch']);
    const items = itemsOf(await batch);
    expect(items).toHaveLength(widgets);
    expect(
      items.filter(({ headers }) => /^(?:W\/)?".+"$/.test(headers['if-none-match'] ?? '')),
    ).toHaveLength(widgets);
    expect(answers.map(statusesOf)).toEqual([Array<number>(widgets).fill(304)]);
    expect(await sources(page)).toEqual({ validated: widgets });
    await expect(page.locator('.card').first()).toContainText('€41,864');
  });

  test('after that, it is fresh again: no request', async ({ page }) => {
    await visit(page);
    await leap(page, 2 * ttlSeconds);
    await page.reload();
    await shown(page);
    await saved(page);
    const requests = collectRequests(page);

    await page.reload();
    await shown(page);

    expect(await sources(page)).toEqual({ disk: widgets });
    expect(requests).toEqual([]);
  });
});

test.describe('a tab that dies while answers are being written', () => {
  type Moment = 'ready' | 'stored' | 'put';

  /**
   * Opens the dashboard, and resolves when something has happened `times` times: a tile is `ready`, an
   * answer is `stored` (still to be written), a record is being `put`. At that one the page stands
   * still, so that the transaction can't end.
   */
  async function openUntil(page: Page, url: string, what: Moment, times: number): Promise<void> {
    const happened = Promise.withResolvers<void>();
    await page.exposeFunction('happened', happened.resolve);
    await page.addInitScript(
      ([awaited, awaitedTimes]) => {
        let count = 0;
        const hear = (heard: Moment): void => {
          if (heard !== awaited || ++count !== awaitedTimes) return;
          void window.happened?.();
          while (heard === 'put');
        };
        const watch = new MutationObserver((records) => {
          for (const { target } of records) {
            if ((target as HTMLElement).dataset['state'] === 'ready') hear('ready');
          }
        });
        watch.observe(document, { subtree: true, attributeFilter: ['data-state'] });
        const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (...args) {
          const request = put.apply(this, args);
          hear('put');
          return request;
        };
        document.addEventListener('DOMContentLoaded', () => {
          window.__dashboard.carpool.on('cache', ({ outcome }) => {
            if (outcome === 'stored') hear('stored');
          });
        });
      },
      [what, times] as const,
    );
    await page.goto(url, { waitUntil: 'commit' });
    await happened.promise;
  }

  /** Each gets ready to end a page, so that it can be done at once. */
  const ways = {
    closed: (page: Page) => async () => page.close({ runBeforeUnload: false }),

    crashed: async (page: Page) => {
      const session = await page.context().newCDPSession(page);
      return async () => {
        const crashed = page.waitForEvent('crash');
        // It never answers: whoever should is gone.
        session.send('Page.crash').catch(() => {});
        await crashed;
        await page.close();
      };
    },
  };

  const deaths = [
    // On an empty disk: while the store itself is being made.
    ['crashed', 'put', 1],
    ['closed', 'ready', 1],
    ['crashed', 'ready', 20],
    ['closed', 'ready', 40],
    ['crashed', 'ready', widgets],
    ['closed', 'stored', widgets],
    ['crashed', 'put', 1],
    ['closed', 'put', 1],
    ['crashed', 'put', 2],
    ['closed', 'put', 2],
  ] as const;

  async function checkStore(context: BrowserContext, url: string): Promise<void> {
    const page = await context.newPage();
    await visit(page, url);
    const requests = collectRequests(page);

    await page.reload();
    await shown(page);

    expect(await sources(page)).toEqual({ disk: widgets });
    expect(requests).toEqual([]);
    await page.close();
  }

  test('leaves a store that can be read', async ({ context }) => {
    for (const [index, [way, what, times]] of deaths.entries()) {
      await test.step(`${way} at "${what}" ${times}`, async () => {
        // Other URLs each time, since all of the earlier ones are on the disk by now; and slow ones,
        // so that some are written before others have come.
        const url = address(ttlSeconds + index, 400);
        const page = await context.newPage();
        const kill = await ways[way](page);
        await openUntil(page, url, what, times);
        await kill();

        await checkStore(context, url);
      });
    }
  });
});

test.describe('two tabs', () => {
  /** Resolves when the tab knows of nothing that is kept. */
  const emptied = (page: Page) =>
    page.waitForFunction(() => window.__dashboard.carpool.cache.stats().entries === 0);

  async function openTwo(context: BrowserContext): Promise<[Page, Page]> {
    const one = await context.newPage();
    await visit(one);
    const other = await context.newPage();
    await visit(other);
    return [one, other];
  }

  test('what one has loaded, the other needs not ask for', async ({ context }) => {
    const one = await context.newPage();
    const other = await context.newPage();
    await visit(one);
    const requests = collectRequests(other);

    await visit(other);

    expect(requests).toEqual([]);
    expect(await sources(other)).toEqual({ disk: widgets });
  });

  test('what is invalidated in one is asked for again in the other', async ({ context }) => {
    const [one, other] = await openTwo(context);
    const requests = collectRequests(other);

    await one.evaluate(() => window.__dashboard.carpool.invalidate({ tags: ['widgets'] }));
    await emptied(other);
    await other.getByRole('button', { name: 'Reload' }).click();
    await shown(other);

    expect(requests).toEqual(['POST /batch']);
    expect(await sources(other)).toEqual({ network: widgets });
  });

  test('who logs out in one leaves nothing behind in the other', async ({ context }) => {
    const [one, other] = await openTwo(context);
    const requests = collectRequests(other);

    // The identity is asked for at each call.
    await one.evaluate(async () => {
      window.__dashboard.user = null;
      await window.__dashboard.carpool.fetch('/api/notes');
    });
    await saved(one);
    await other.reload();
    await shown(other);

    expect(requests).toEqual(['POST /batch']);
    expect(await sources(other)).toEqual({ network: widgets });
  });
});

test('the cache offends no policy and causes no error', async ({ page }) => {
  const trouble = collectTrouble(page);
  await recordViolations(page);

  await visit(page);
  await page.reload();
  await shown(page);

  expect(await readViolations(page)).toEqual([]);
  expect(trouble).toEqual([]);
});

test('without it, nothing is stored', async ({ page }) => {
  await page.goto('/');
  await loaded(page);

  expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
  expect(await sources(page)).toEqual({ none: widgets });
});

test('a new note makes the list of notes out of date', async ({ page }) => {
  await visit(page);
  const requests = collectRequests(page);
  const text = `Call the tent supplier ${crypto.randomUUID()}`;
  const list = () =>
    page.evaluate(async () => {
      const response = await window.__dashboard.carpool.fetch('/api/notes');
      const { notes } = (await response.json()) as { notes: { text: string }[] };
      return notes.map((note) => note.text);
    });

  await list();
  const before = await list();
  expect(requests).toEqual(['GET /api/notes']);
  const status = await page.evaluate(async (note) => {
    const response = await window.__dashboard.carpool.fetch('/api/notes', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: note }),
    });
    return response.status;
  }, text);
  const after = await list();

  expect(status).toBe(201);
  expect(before).not.toContain(text);
  expect(after).toContain(text);
  expect(requests).toEqual(['GET /api/notes', 'POST /api/notes', 'GET /api/notes']);
});
