import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** What all processors together have spent so far, in ms. */
function spent(): { readonly busyMs: number; readonly allMs: number } {
  let [busyMs, allMs] = [0, 0];
  for (const { times } of cpus()) {
    const all = Object.values(times).reduce((sum, ms) => sum + ms, 0);
    allMs += all;
    busyMs += all - times.idle;
  }
  return { busyMs, allMs };
}

const [sampleMs, idleShare, patienceMs] = [50, 0.15, 1000];

/**
 * Waits until the machine has little else to do, and no longer than a second.
 * Resolves to whether it has become idle.
 */
export async function waitForIdle(): Promise<boolean> {
  const until = performance.now() + patienceMs;
  let before = spent();
  while (performance.now() < until) {
    await sleep(sampleMs);
    const now = spent();
    const share = (now.busyMs - before.busyMs) / (now.allMs - before.allMs);
    if (share < idleShare) return true;
    before = now;
  }
  return false;
}
