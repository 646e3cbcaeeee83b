import { measureHits } from './cache/measure-hits.ts';
import { measureHoldBack } from './cache/measure-hold-back.ts';
import { measureReads } from './cache/measure-reads.ts';
import type { CachePage } from './cache/page.ts';
import { bodyOf, idIn } from './cache/workload.ts';
import { openBrowser } from './harness/browser.ts';
import { bundlePage } from './harness/bundle.ts';
import { describeMachine } from './harness/machine.ts';
import { run } from './harness/run.ts';
import { startServer, type Answer } from './harness/server.ts';

const seed = 20_260_101;

/** Says nothing of freshness, except where the browser's own cache is meant to keep it. */
function answer(path: string): Answer | undefined {
  const id = idIn(path);
  if (id === undefined) return undefined;
  const headers = path.startsWith('/fresh/') ? { 'cache-control': 'max-age=3600' } : {};
  return { body: bodyOf(id), headers };
}

await run('cache', async ({ rounds }, progress) => {
  const bundle = await bundlePage(new URL('cache/page.ts', import.meta.url));
  const server = await startServer({ page: bundle.code, answer });
  const browser = await openBrowser();
  const machine = describeMachine({ browser: browser.version, ...bundle.versions });
  try {
    const setting = {
      open: () => browser.open<CachePage>(server.url),
      absent: bundle.absent,
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
      title: 'The cache, side by side',
      machine,
      seed,
      sections: parts.flatMap(({ sections }) => sections),
      verdicts: parts.flatMap(({ verdicts }) => verdicts),
      notes: [
        ...[...bundle.absent].map((peer) => `${peer} is not installed: its rows are left out.`),
        ...parts.flatMap(({ notes }) => notes),
      ],
    };
  } finally {
    await browser.close();
    await server.close();
  }
});
