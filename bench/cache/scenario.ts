import { measureHits } from './measure-hits.ts';
import { measureHoldBack } from './measure-hold-back.ts';
import { measureReads } from './measure-reads.ts';
import type { CachePage } from './page.ts';
import { bodyOf, idIn } from './workload.ts';
import { openBrowser } from '../harness/browser.ts';
import { bundlePage } from '../harness/bundle.ts';
import type { Scenario } from '../harness/scenario.ts';
import { startServer, type Answer } from '../harness/server.ts';

/** Says nothing of freshness, except where the browser's own cache is meant to keep it. */
function answer(path: string): Answer | undefined {
  const id = idIn(path);
  if (id === undefined) return undefined;
  const headers = path.startsWith('/fresh/') ? { 'cache-control': 'max-age=3600' } : {};
  return { body: bodyOf(id), headers };
}

export const measureCache: Scenario = async ({ rounds, seed, progress }) => {
  const bundle = await bundlePage(new URL('page.ts', import.meta.url));
  const server = await startServer({ page: bundle.code, answer });
  const browser = await openBrowser();
  try {
    const setting = {
      open: () => browser.open<CachePage>(server.url),
      rounds,
      seed,
      progress,
    };
    const parts = [
      await measureReads(setting),
      await measureHits(setting),
      await measureHoldBack(setting),
    ];
    return {
      sections: parts.flatMap(({ sections }) => sections),
      verdicts: parts.flatMap(({ verdicts }) => verdicts),
      notes: parts.flatMap(({ notes }) => notes),
      versions: { browser: browser.version, ...bundle.versions },
    };
  } finally {
    await browser.close();
    await server.close();
  }
};
