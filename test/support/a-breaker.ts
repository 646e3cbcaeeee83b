import { BatchError } from '../../src/core/errors.ts';
import type { BatchEvent, FallbackEvent } from '../../src/core/events.ts';
import type { Call } from '../../src/core/types.ts';
import { createBreaker, type Breaker } from '../../src/layers/breaker.ts';
import { onTop, type LayerBench } from './a-layer.ts';
import { aReply } from './calls.ts';
import { endpoint } from './fake-network.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';

/** What a batch came to, in a word. */
export type Fate =
  | 'streamed'
  | 'buffered'
  | 'together'
  | 'network'
  | 'protocol'
  | 'missing-part'
  | 'timeout'
  | 'aborted'
  /** The time of all its callers was over. */
  | 'deadline'
  | number;

export interface BreakerBench extends LayerBench, Pick<Breaker, 'isBuffered'> {
  readonly clock: FakeClock;
  /** Calls that were carried past batching. */
  readonly past: Call[];
  readonly steps: FallbackEvent[];
  readonly detours: FallbackEvent[];
  /** Batches to the endpoint end so, one after the other. */
  readonly ended: (...fates: Fate[]) => void;
  readonly setOnline: (isOnline: boolean) => void;
}

const errorOf = (fate: Fate): unknown => {
  if (fate === 'aborted') return new DOMException('gone', 'AbortError');
  if (fate === 'deadline') return new BatchError('timeout', 'too long');
  if (fate === 'network') return new BatchError('network', 'lost', { batchId: 'b1' });
  if (fate === 'streamed' || fate === 'buffered' || fate === 'together') return undefined;
  if (typeof fate === 'string') return new BatchError(fate, fate, { status: 200, batchId: 'b1' });
  // What answers each of the calls is no error.
  const answersAll = fate === 401 || fate === 403 || fate === 429 || (fate >= 500 && fate !== 501);
  return answersAll
    ? undefined
    : new BatchError('status', String(fate), { status: fate, batchId: 'b1' });
};

const eventOf = (fate: Fate): BatchEvent => ({
  id: 'b1',
  endpoint,
  items: 2,
  answered: 0,
  status: typeof fate === 'number' ? fate : fate === 'network' ? undefined : 200,
  bytesUp: 0,
  bytesDown: 0,
  durationMs: 0,
  delivery: fate === 'streamed' || fate === 'buffered' || fate === 'together' ? fate : undefined,
  strays: 0,
  droppedSetCookie: [],
  error: errorOf(fate),
});

/** The breaker, on a clock that stands still until the test moves it. */
export function aBreaker(): BreakerBench {
  const clock = fakeClock();
  const past: Call[] = [];
  const [steps, detours]: [FallbackEvent[], FallbackEvent[]] = [[], []];
  let isOnline = true;
  const { layer, learn, isBuffered } = createBreaker({
    clock,
    sendNative: (call) => {
      past.push(call);
      return Promise.resolve(aReply({ status: 299 }));
    },
    isOnline: () => isOnline,
    tell: (event) => {
      (event.level ? steps : detours).push(event);
    },
  });
  return {
    ...onTop(layer),
    clock,
    past,
    steps,
    detours,
    isBuffered,
    ended: (...fates) => {
      for (const fate of fates) learn(eventOf(fate));
    },
    setOnline: (value) => {
      isOnline = value;
    },
  };
}
