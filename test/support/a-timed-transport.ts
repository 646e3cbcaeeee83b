import { createSendBatch } from '../../src/transport/send-batch.ts';
import type { BatchEvent } from '../../src/core/events.ts';
import type { Call, Part } from '../../src/core/types.ts';
import { aCall } from './calls.ts';
import { drained } from './drained.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';
import { streamedAnswer, type StreamedAnswer } from './fake-network.ts';

export interface TimedTransport extends StreamedAnswer {
  readonly clock: FakeClock;
  /** What has come of the batch so far. */
  readonly parts: Part[];
  readonly events: BatchEvent[];
  /** The batch as it was sent. */
  readonly requests: Request[];
  /** Why the batch ended, once it has. */
  readonly ended: Promise<unknown>;
  readonly abort: (reason: unknown) => void;
}

interface Given {
  readonly idleTimeoutMs?: number | false;
  readonly isBuffered?: boolean;
  readonly respond?: (stream: Response) => Response | Promise<Response>;
}

/** Sends a batch whose answer the test writes, on a clock that stands still until the test moves it. */
export async function aTimedTransport(
  calls: readonly Partial<Call>[],
  { idleTimeoutMs = 1000, isBuffered = false, respond = (stream) => stream }: Given = {},
): Promise<TimedTransport> {
  const clock = fakeClock();
  const answer = streamedAnswer();
  const [parts, events, requests]: [Part[], BatchEvent[], Request[]] = [[], [], []];
  const controller = new AbortController();
  const send = createSendBatch({
    clock,
    idleTimeoutMs,
    isBuffered: () => isBuffered,
    fetch: (input, init) => {
      requests.push(new Request(input, init));
      return Promise.resolve(respond(answer.response));
    },
    emit: (name, event) => {
      if (name === 'batch') events.push(event as BatchEvent);
    },
  });
  const jobs = calls.map((call, id) => ({ id, call: aCall(call) }));
  const run = async (): Promise<unknown> => {
    try {
      await send({ id: 'b1', keepalive: false, jobs }, controller.signal, (part) => {
        parts.push(part);
      });
    } catch (error) {
      return error;
    }
    return undefined;
  };
  const ended = run();
  await drained();
  return {
    ...answer,
    clock,
    parts,
    events,
    requests,
    ended,
    abort: (reason) => {
      controller.abort(reason);
    },
  };
}
