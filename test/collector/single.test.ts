import { describe, expect, it } from 'vitest';
import { aCollector } from '../support/a-collector.ts';
import { aReply } from '../support/calls.ts';
import { failureOf } from '../support/drained.ts';

describe('a call that is alone in its window', () => {
  it('goes natively, and gets what comes of it', async () => {
    const reply = aReply({ status: 418 });
    const { ask, clock, sent } = aCollector(
      { batchSingle: false },
      { sendNative: () => Promise.resolve(reply) },
    );

    const answer = ask('/a');
    await clock.endTask();

    expect(await answer).toBe(reply);
    expect(sent()).toEqual([]);
  });

  it('fails as native `fetch` fails', async () => {
    const error = new TypeError('fetch failed');
    const { ask, clock } = aCollector(
      { batchSingle: false },
      { sendNative: () => Promise.reject(error) },
    );

    const failure = failureOf(ask('/a'));
    await clock.endTask();

    expect(await failure).toBe(error);
  });

  it('goes as a batch of one where the options ask for it', async () => {
    const { alone, ask, clock, sent } = aCollector({ batchSingle: true });

    void ask('/a');
    await clock.endTask();

    expect(alone).toEqual([]);
    expect(sent()).toEqual([['/a']]);
  });

  it('takes no slot from batches', async () => {
    const { ask, clock, sent } = aCollector(
      { batchSingle: false, maxInFlight: 1 },
      { sendNative: () => Promise.withResolvers<never>().promise },
    );
    void ask('/alone');
    await clock.endTask();

    void ask('/a');
    void ask('/b');
    await clock.endTask();

    expect(sent()).toEqual([['/a', '/b']]);
  });
});
