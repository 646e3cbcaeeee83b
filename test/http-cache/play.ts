import { expect, vi } from 'vitest';
import { createCarpool, type Carpool, type CarpoolRequestInit } from '../../src/index.ts';
import { drained } from '../support/drained.ts';
import { start, type Case, type Road, type Step } from './case.ts';
import { createScript, startServer, type Script, type ScriptedServer } from './scripted-server.ts';

type Call = Extract<Step, { kind: 'call' }>;

interface Stage {
  readonly road: Road;
  readonly carpool: Carpool;
  readonly script: Script;
  readonly home: ScriptedServer;
  readonly elsewhere: ScriptedServer;
}

const noConditions = {
  'if-match': null,
  'if-modified-since': null,
  'if-none-match': null,
  'if-range': null,
  'if-unmodified-since': null,
};

/** The fields that are expected, as they are. */
const pick = (headers: Headers, expected: object): Record<string, string | null> =>
  Object.fromEntries(Object.keys(expected).map((name) => [name, headers.get(name)]));

/** Settles when the next refresh has been written down. */
const nextRefresh = (carpool: Carpool): Promise<void> =>
  new Promise((resolve) => {
    const off = carpool.on('cache', ({ outcome }) => {
      if (outcome !== 'stored' && outcome !== 'revalidated') return;
      off();
      resolve();
    });
  });

/**
 * Resolves when what a call has brought is in the cache, or won't be. Of an answer that comes natively,
 * the cache reads a body of its own beside the caller's, and may end some turns of the event loop later.
 */
async function written(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await drained();
}

async function ask({ road, carpool, script, home, elsewhere }: Stage, call: Call): Promise<void> {
  const { method, headers, init, got = {}, gives } = call;
  const url = (call.elsewhere ? elsewhere : home).origin + (call.path ?? '/r');
  const before = script.seen.length;
  const refreshed = call.refreshes && nextRefresh(carpool);

  const given: CarpoolRequestInit = {
    ...(method && { method }),
    ...(headers && { headers }),
    ...init,
  };
  const asked = call.asRequest ? carpool.fetch(new Request(url, given)) : carpool.fetch(url, given);

  if (gives === 'rejection') {
    await expect(asked).rejects.toThrow(TypeError);
  } else {
    const response = await asked.catch((error: unknown) => {
      if (gives === 'anything') return null;
      throw error;
    });
    const body = await response?.text().catch(() => null);
    if (response && gives !== 'anything') {
      const said =
        gives === 'gateway timeout' ? null : script.said.at(gives === 'new' ? -1 : gives - 1);
      expect({ status: response.status, body, ...pick(response.headers, got) }).toEqual({
        status: said ? (said.status ?? 200) : 504,
        body: !said ? expect.any(String) : method === 'HEAD' ? '' : said.body,
        ...got,
      });
      const finalUrl = call.finalPath ? new URL(call.finalPath, url).href : url.replace(/#.*/, '');
      expect({ url: response.url, redirected: response.redirected }).toEqual({
        url: finalUrl,
        redirected: call.finalPath !== undefined,
      });
    }
  }
  await refreshed;
  await written();

  const seen = script.seen.slice(before);
  const asks = 'batch' in call.asks ? call.asks[road] : call.asks;
  expect(seen.map(({ path }) => path)).toEqual(asks);
  const last = seen.at(-1);
  if (!last) return;
  const sent =
    call.sent ?? (call.refreshes || gives === 'anything' ? {} : { ...noConditions, ...headers });
  expect(pick(last.headers, sent)).toEqual(sent);
  expect(seen.map(({ rode }) => rode)).toEqual(asks.map(() => road === 'batch' && !call.past));
}

/** Plays one case from its start, with servers and a client of its own. */
export async function play(played: Case, road: Road): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  const script = createScript(played.answers);
  const home = await startServer(script);
  const hasTwo = played.steps.some((step) => step.kind === 'call' && step.elsewhere);
  const elsewhere = hasTwo ? await startServer(script) : home;
  Object.assign(script.origins, { home: home.origin, elsewhere: elsewhere.origin });
  vi.stubGlobal('location', new URL(`${home.origin}/`));
  const carpool = createCarpool({
    endpoint: `${home.origin}/batch`,
    origins: [elsewhere.origin],
    batchSingle: road === 'batch',
    ...played.options,
    cache: { name: home.origin, persist: false, ...played.cache },
  });
  try {
    for (const step of played.steps) {
      if (step.kind === 'wait') vi.setSystemTime(Date.now() + step.seconds * 1000);
      else if (step.kind === 'call') await ask({ road, carpool, script, home, elsewhere }, step);
      else await home[step.kind]();
    }
  } finally {
    await carpool.dispose();
    await Promise.all([home.down(), hasTwo && elsewhere.down()]);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  }
}
