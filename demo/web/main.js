/** @import { Carpool } from './clients.js' */
/** @import { Mode } from './settings.js' */
/** @import { Result } from './run.js' */
import { createClients } from './clients.js';
import { createControls } from './controls.js';
import { createDashboard } from './dashboard.js';
import { createPanel } from './panel.js';
import { createRun } from './run.js';
import { readSettings, writeSettings } from './settings.js';
import { logIn } from './session.js';
import { createSources } from './sources.js';
import { watchWire } from './wire.js';

/** Who is logged in: there is no form for that, but see `window.__dashboard`. @type {string | null} */
let user = 'demo';
const clients = createClients(() => user);
const sources = createSources();
let carpool = clients.plain();

/** The only difference between the two modes. @type {Record<Mode, typeof fetch>} */
const fetchers = {
  carpool: (input, init) => carpool.fetch(input, init),
  fetch: (input, init) => fetch(input, init),
};

const dashboard = createDashboard();
const panel = createPanel();
const controls = createControls(readSettings(location.search), {
  run: () => void load(),
  runBoth: () => void loadBoth(),
});

/** Every run so far, oldest first: a request is reported late and must be booked on its own run. */
const runs = /** @type {ReturnType<typeof createRun>[]} */ ([]);
/** @type {Partial<Record<Mode, ReturnType<typeof createRun>>>} */
const latest = {};
let controller = new AbortController();
/** @type {Mode} */
let current = 'carpool';

function results() {
  /** @type {Partial<Record<Mode, Result>>} */
  const found = {};
  if (latest.carpool) found.carpool = latest.carpool.result();
  if (latest.fetch) found.fetch = latest.fetch.result();
  return found;
}

/** @param {Carpool} client */
function countCache(client) {
  const { memoryHits, storeHits, revalidations, misses } = client.stats().cache;
  const hits = memoryHits + storeHits;
  return { hits, lookups: hits + revalidations + misses };
}

let drawing = false;
function refresh() {
  document.documentElement.dataset['state'] = latest[current]?.result().state ?? 'loading';
  if (drawing) return;
  drawing = true;
  // Sixty arrivals in one frame are one redraw.
  requestAnimationFrame(() => {
    drawing = false;
    panel.show(results(), current);
  });
}

/** Loads every tile anew with the chosen settings; a load still under way is abandoned. */
async function load() {
  const settings = controls.read();
  history.replaceState(null, '', writeSettings(settings));

  controller.abort(new DOMException('another load has begun', 'AbortError'));
  controller = new AbortController();
  // Half a load's figures would mislead.
  if (latest[current]?.result().state === 'loading') delete latest[current];
  current = settings.mode;
  document.documentElement.dataset['distinct'] = String(settings.distinct);

  const isCaching = settings.maxAge > 0;
  const client = isCaching ? clients.caching() : clients.plain();
  carpool = client;
  const hasCache = isCaching && settings.mode === 'carpool';
  if (hasCache) sources.watch(client);

  const run = createRun(
    settings.mode,
    dashboard.size,
    performance.now(),
    hasCache ? () => countCache(client) : null,
  );
  runs.push(run);
  latest[settings.mode] = run;
  refresh();

  await dashboard.load(
    {
      fetch: fetchers[settings.mode],
      signal: controller.signal,
      arrived(url) {
        const arrival = run.arrived(performance.now(), hasCache ? sources.of(url) : null);
        refresh();
        return arrival;
      },
      failed(url, error) {
        console.warn(`${url} failed`, error);
        run.failed();
        refresh();
      },
      retried: () => run.retried(),
    },
    settings,
  );
}

async function loadBoth() {
  for (const mode of /** @type {const} */ (['fetch', 'carpool'])) {
    controls.setMode(mode);
    await load();
    if (controls.read().mode !== mode) return;
  }
}

watchWire((entry) => {
  runs.findLast((run) => run.startedAt <= entry.startedAt)?.counted(entry);
  refresh();
});

// For tests and for the curious: the same figures as on the page, unrounded.
Object.defineProperty(window, '__dashboard', {
  value: {
    widgets: dashboard.size,
    get carpool() {
      return carpool;
    },
    cacheEvents: sources.events,
    get user() {
      return user;
    },
    set user(name) {
      user = name;
    },
    get results() {
      return results();
    },
  },
});

void logIn().then(load);
