import { setTimeout as sleep } from 'node:timers/promises';
import { backoffAfter, type JobSettings } from './job.ts';
import type { Runner } from './runner.ts';

/** Brings jobs to a runner. */
export interface Delivery {
  /** Takes a job that is written down; it runs when its turn comes. */
  readonly deliver: (id: string, name: string, input: unknown) => Promise<void>;
  /** The jobs that wait or run. */
  readonly count: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Waits, or rejects when the signal aborts. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

const waitWithTimer: Wait = async (ms, signal) => {
  await sleep(ms, undefined, { signal, ref: false });
};

/** Runs jobs in this process in the order in which they came, `concurrency` at once. */
export function createMemoryDelivery(
  runner: Runner,
  settings: JobSettings,
  wait: Wait = waitWithTimer,
): Delivery {
  interface Waiting {
    readonly id: string;
    readonly input: unknown;
    readonly failures: number;
  }
  const closing = new AbortController();
  const waiting: Waiting[] = [];
  /** Running, and between two attempts. */
  const underWay = new Set<string>();
  let running = 0;

  const run = async ({ id, input, failures }: Waiting): Promise<void> => {
    underWay.add(id);
    running++;
    const outcome = await runner.attempt(id, input, failures);
    running--;
    pump();
    if (outcome === 'again') {
      // The place is another's meanwhile.
      await wait(backoffAfter(settings, failures + 1), closing.signal);
      waiting.push({ id, input, failures: failures + 1 });
    }
    underWay.delete(id);
    pump();
  };

  const pump = (): void => {
    while (running < settings.concurrency && !closing.signal.aborted) {
      const next = waiting.shift();
      if (!next) break;
      // Rejects only when the server leaves.
      run(next).catch(() => {});
    }
  };

  return {
    deliver: async (id, _, input) => {
      waiting.push({ id, input, failures: 0 });
      pump();
    },
    count: async () => underWay.size + waiting.length,
    close: async () => {
      closing.abort();
      runner.leave();
    },
  };
}
