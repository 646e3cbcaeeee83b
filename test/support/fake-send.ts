import type { Batch, Part, Reply, SendBatch } from '../../src/core/types.ts';
import { aReply, bytesOf } from './calls.ts';

/** A batch that the collector has sent, and whose answer the test writes. */
export interface FakeBatch extends Batch {
  readonly signal: AbortSignal;
  /** Paths of its calls, in order. */
  readonly paths: readonly string[];
  /** Delivers the part of call `id`; by default its body is the call's path. */
  readonly answer: (id: number, reply?: Reply) => void;
  /** Delivers the parts that have not been delivered yet, and ends. */
  readonly finish: () => void;
  /** Ends the answer, with an error where one is given. */
  readonly end: (error?: Error) => void;
}

export interface FakeSend {
  readonly send: SendBatch;
  readonly batches: FakeBatch[];
  /** Batches that have not ended; the most there were at once. */
  readonly open: () => number;
  readonly mostOpen: () => number;
}

export const pathOf = (url: string): string => url.slice('https://app.test'.length);

/** A `SendBatch` whose answers the test writes; an aborted batch fails, as a real one does. */
export function fakeSend(onSend: (batch: FakeBatch) => void = () => {}): FakeSend {
  const batches: FakeBatch[] = [];
  let open = 0;
  let mostOpen = 0;

  const send: SendBatch = async (batch, signal, deliver) => {
    const ready: Part[] = [];
    const answered = new Set<number>();
    let hasEnded = false;
    let failure: Error | undefined;
    let changed = Promise.withResolvers<void>();
    const answer = (id: number, reply?: Reply): void => {
      const url = batch.jobs[id]?.call.url ?? 'https://app.test/unknown';
      answered.add(id);
      ready.push({ id, reply: reply ?? aReply({ url, body: bytesOf(pathOf(url)) }) });
      changed.resolve();
    };
    const end = (error?: Error): void => {
      if (!hasEnded) failure = error;
      hasEnded = true;
      changed.resolve();
    };
    const fake: FakeBatch = {
      ...batch,
      signal,
      paths: batch.jobs.map(({ call }) => pathOf(call.url)),
      answer,
      finish: () => {
        for (const { id } of batch.jobs) if (!answered.has(id)) answer(id);
        end();
      },
      end,
    };
    signal.addEventListener('abort', () => {
      end(signal.reason as Error);
    });
    batches.push(fake);
    mostOpen = Math.max(mostOpen, ++open);
    try {
      onSend(fake);
      for (;;) {
        for (const part of ready.splice(0)) {
          deliver(part);
          // Who is answered goes on before the next one is.
          await Promise.resolve();
        }
        if (ready.length > 0) continue;
        if (failure) throw failure;
        if (hasEnded) return;
        await changed.promise;
        changed = Promise.withResolvers();
      }
    } finally {
      open--;
    }
  };

  return { send, batches, open: () => open, mostOpen: () => mostOpen };
}
