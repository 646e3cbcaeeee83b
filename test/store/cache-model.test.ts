import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { play } from './model/play.ts';
import { story } from './model/steps.ts';

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
