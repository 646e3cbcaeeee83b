import { drained } from './drained.ts';

/** What is rejected while `work` runs and nobody hears of; the test runner doesn't, either. */
export async function unhandledDuring(work: () => Promise<unknown>): Promise<unknown[]> {
  const heard: unknown[] = [];
  const others = process.rawListeners('unhandledRejection') as NodeJS.UnhandledRejectionListener[];
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => heard.push(error));
  try {
    await work();
    await drained();
    return heard;
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
  }
}
