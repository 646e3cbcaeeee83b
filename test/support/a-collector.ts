import { createCollector, type Collector } from '../../src/collector/collector.ts';
import type { CollectorOptions, CollectorParts } from '../../src/collector/collector.ts';
import { createPace } from '../../src/collector/pace.ts';
import type { Call, Reply } from '../../src/core/types.ts';
import { aCall, aReply } from './calls.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';
import { fakeSend, type FakeBatch, type FakeSend } from './fake-send.ts';

export interface Bench extends FakeSend {
  readonly collector: Collector;
  readonly clock: FakeClock;
  /** Calls that went alone. */
  readonly alone: Call[];
  /** Hands a call for `path` to the collector. */
  readonly ask: (path: string, given?: Partial<Call>) => Promise<Reply>;
  /** The paths of each batch so far. */
  readonly sent: () => (readonly string[])[];
}

/** A collector on a fake clock and a fake network. */
export function aCollector(
  options: Partial<CollectorOptions> = {},
  parts: Partial<CollectorParts> & { onSend?: (batch: FakeBatch) => void } = {},
): Bench {
  const clock = fakeClock();
  const { onSend, ...given } = parts;
  const fake = fakeSend(onSend);
  const alone: Call[] = [];
  const collector = createCollector(
    {
      window: 'microtask',
      maxItems: 50,
      maxBytes: 100_000,
      maxInFlight: 4,
      batchSingle: true,
      ...options,
    },
    {
      clock,
      pace: createPace(),
      sendBatch: fake.send,
      sendNative: (call) => {
        alone.push(call);
        return Promise.resolve(aReply({ url: call.url }));
      },
      sizeOf: () => 100,
      ...given,
    },
  );
  return {
    ...fake,
    collector,
    clock,
    alone,
    ask: (path, call = {}) => collector.handle(aCall({ url: `https://app.test${path}`, ...call })),
    sent: () => fake.batches.map(({ paths }) => paths),
  };
}
