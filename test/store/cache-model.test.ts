import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { play } from './model/play.ts';
import { plain } from './model/server.ts';
import { aGet, story, urls, type Step } from './model/steps.ts';

const runs = Number(process.env['CARPOOL_MODEL_RUNS'] ?? 2000);
// Always the same stories here; `npm run test:soak` tells others each time.
const seed = process.env['CARPOOL_MODEL_SEED'] ?? '20261126';

it(
  'whatever two tabs, their server, their network and their storage do, no answer is wrong',
  async () => {
    await fc.assert(fc.asyncProperty(story, play), {
      numRuns: runs,
      ...(seed !== 'random' && { seed: Number(seed) }),
    });
    expect(runs).toBeGreaterThan(0);
  },
  // For what hangs; a slow machine is no reason to fail.
  60_000 + runs * 60,
);

const [url] = urls as [string];
// Found among other stories than the usual ones.
it.each<[string, readonly [string | null, string | null], readonly Step[]]>([
  [
    'a tab that reads of an earlier user while it is getting the disk for its own keeps things again',
    [null, 'bob'],
    [
      { ...aGet, tab: 1 },
      { ...aGet, tab: 0 },
      { do: 'hang' },
      { do: 'flush', tab: 0 },
      { do: 'part', tab: 0, url },
      { do: 'hurry', tab: 1, url, isReopened: true, isOwn: false },
      { do: 'fault', fault: 'abort', times: 1 },
    ],
  ],
])('%s', async (_, who, steps) => {
  await expect(
    play({
      maxEntries: 2000,
      hasChannels: true,
      who,
      trouble: 'storage',
      policies: urls.map(() => plain),
      steps,
    }),
  ).resolves.toBeUndefined();
});
