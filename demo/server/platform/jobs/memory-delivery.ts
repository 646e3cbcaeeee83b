import { setTimeout as sleep } from 'node:timers/promises';
import { backoffAfter, type JobSettings } from './job.ts';
import type { Runner } from './runner.ts';

/** Brings jobs to a runner. */
export interface Delivery {
  /** Takes a job that is written down; it runs when its turn comes. */
  readonly deliver: (id: string, name: string, input: unknown) => Promise<void>;
  /** Takes back a job that waits, also for its next attempt; one that runs isn't touched. */
  readonly withdraw: (id: string) => Promise<void>;
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
  const waiting: Waiting[] = [];
  /** Between two attempts, with what ends the wait. */
  const paused = new Map<string, AbortController>();
  let running = 0;
  let isClosed = false;

  const pause = async (failed: Waiting): Promise<void> => {
    const { id, failures } = failed;
    const withdrawn = new AbortController();
    paused.set(id, withdrawn);
    try {
      await wait(backoffAfter(settings, failures + 1), withdrawn.signal);
      waiting.push({ ...failed, failures: failures + 1 });
    } finally {
      paused.delete(id);
    }
    pump();
  };

  const run = async (next: Waiting): Promise<void> => {
    running++;
    const outcome = await runner.attempt(next.id, next.input, next.failures);
    running--;
    // Its place is another's meanwhile. Only what was withdrawn rejects.
    if (outcome === 'again' && !isClosed) pause(next).catch(() => {});
    pump();
  };

  const pump = (): void => {
    while (running < settings.concurrency && !isClosed) {
      const next = waiting.shift();
      if (!next) break;
      void run(next);
    }
  };

  return {
    deliver: async (id, _, input) => {
      waiting.push({ id, input, failures: 0 });
      pump();
    },
    withdraw: async (id) => {
      const at = waiting.findIndex((job) => job.id === id);
      if (at >= 0) waiting.splice(at, 1);
      paused.get(id)?.abort();
    },
    count: async () => running + paused.size + waiting.length,
    close: async () => {
      isClosed = true;
      for (const withdrawn of paused.values()) withdrawn.abort();
      runner.leave();
    },
  };
}
