import { describe, expect, it } from 'vitest';
import { BatchError } from '../../src/core/errors.ts';
import type { Signal } from '../../src/core/types.ts';
import { aCollector } from '../support/a-collector.ts';
import { aReply } from '../support/calls.ts';
import { drained, failureOf, stateOf } from '../support/drained.ts';

const reason = new Error('no longer wanted');

describe('an abort', () => {
  it('of a call that has been aborted before it is made sends nothing', async () => {
    const { ask, clock, collector, sent } = aCollector();

    const error = await failureOf(ask('/a', { signal: AbortSignal.abort(reason) }));
    await clock.endTask();

    expect(error).toBe(reason);
    expect(sent()).toEqual([]);
    expect(collector.waiting()).toBe(0);
  });

  it('of a waiting call rejects it at once, and drops it', async () => {
    const { ask, clock, sent } = aCollector();
    const controller = new AbortController();
    const gone = failureOf(ask('/a', { signal: controller.signal }));
    const stays = ask('/b');

    controller.abort(reason);

    expect(await gone).toBe(reason);
    await clock.endTask();
    expect(sent()).toEqual([['/b']]);
    expect(await stateOf(stays)).toBe('pending');
  });

  it('of the only waiting call sends nothing, and leaves nothing behind', async () => {
    const { ask, clock, collector, sent } = aCollector({ window: 50 });
    const controller = new AbortController();
    const gone = failureOf(ask('/a', { signal: controller.signal }));

    controller.abort(reason);

    expect(clock.pending()).toBe(0);
    await clock.advance(50);
    expect(await gone).toBe(reason);
    expect(sent()).toEqual([]);
    expect(collector.waiting()).toBe(0);
  });

  it('of a riding call rejects it at once, and leaves the batch running', async () => {
    const { ask, batches, clock } = aCollector();
    const controller = new AbortController();
    const gone = failureOf(ask('/a', { signal: controller.signal }));
    const stays = ask('/b');
    await clock.endTask();

    controller.abort(reason);

    expect(await gone).toBe(reason);
    expect(batches[0]?.signal.aborted).toBe(false);
    batches[0]?.finish();
    expect((await stays).url).toBe('https://app.test/b');
  });

  it('of the last caller without an answer aborts the batch, with that caller’s reason', async () => {
    const { ask, batches, clock, collector } = aCollector();
    const [one, two] = [new AbortController(), new AbortController()];
    ask('/a', { signal: one.signal }).catch(() => {});
    const answered = ask('/b');
    ask('/c', { signal: two.signal }).catch(() => {});
    await clock.endTask();

    one.abort();
    batches[0]?.answer(1);
    await answered;
    expect(batches[0]?.signal.aborted).toBe(false);
    two.abort(reason);
    await drained();

    expect(batches[0]?.signal.reason).toBe(reason);
    expect(collector.inFlight()).toBe(0);
  });

  it('of a call aborts the batch once everyone else has an answer', async () => {
    const { ask, batches, clock, collector } = aCollector();
    const controller = new AbortController();
    ask('/a', { signal: controller.signal }).catch(() => {});
    const stays = ask('/b');
    await clock.endTask();
    controller.abort(reason);

    batches[0]?.answer(1);
    await stays;
    await drained();

    expect(batches[0]?.signal.aborted).toBe(true);
    expect(collector.inFlight()).toBe(0);
  });

  it('of a call whose answer has come since lets the batch end', async () => {
    const { ask, batches, clock } = aCollector();
    const controller = new AbortController();
    ask('/a', { signal: controller.signal }).catch(() => {});
    const stays = ask('/b');
    await clock.endTask();
    controller.abort(reason);

    batches[0]?.answer(0);
    batches[0]?.answer(1);
    await stays;
    await drained();

    expect(batches[0]?.signal.aborted).toBe(false);
  });

  it('lets the batch run for the others, and aborts it when they have their answers', async () => {
    const { ask, batches, clock, collector } = aCollector();
    const controller = new AbortController();
    ask('/a', { signal: controller.signal }).catch(() => {});
    const others = [ask('/b'), ask('/c')];
    await clock.endTask();

    controller.abort();
    batches[0]?.answer(1);
    await others[0];
    expect(batches[0]?.signal.aborted).toBe(false);
    batches[0]?.answer(2);
    await others[1];
    await drained();

    expect(batches[0]?.signal.aborted).toBe(true);
    expect(collector.inFlight()).toBe(0);
  });

  it('of a caller whose part comes all the same aborts nothing', async () => {
    const { ask, batches, clock } = aCollector();
    const controller = new AbortController();
    ask('/a', { signal: controller.signal }).catch(() => {});
    const other = ask('/b');
    await clock.endTask();

    controller.abort();
    batches[0]?.answer(0);
    batches[0]?.answer(1);
    await other;
    await drained();

    expect(batches[0]?.signal.aborted).toBe(false);
  });

  it('is not mistaken for the last one because a part came twice', async () => {
    const { ask, batches, clock } = aCollector();
    const controller = new AbortController();
    void ask('/a');
    ask('/b', { signal: controller.signal }).catch(() => {});
    const waits = ask('/c');
    await clock.endTask();

    batches[0]?.answer(0);
    batches[0]?.answer(0);
    await drained();
    controller.abort();
    expect(batches[0]?.signal.aborted).toBe(false);
    batches[0]?.answer(2);

    expect((await waits).url).toBe('https://app.test/c');
  });

  it('comes too late for a call that has its answer', async () => {
    const { ask, batches, clock } = aCollector();
    const controller = new AbortController();
    const answered = ask('/a', { signal: controller.signal });
    void ask('/b');
    await clock.endTask();
    batches[0]?.answer(0);
    await answered;

    controller.abort(reason);

    expect(await stateOf(answered)).toBe('ok');
    expect(batches[0]?.signal.aborted).toBe(false);
  });

  it('of a batch makes room for the next', async () => {
    const { ask, clock, sent } = aCollector({ maxInFlight: 1, maxItems: 1 });
    const controller = new AbortController();
    ask('/a', { signal: controller.signal }).catch(() => {});
    void ask('/b');
    await clock.endTask();

    controller.abort();
    await drained();

    expect(sent()).toEqual([['/a'], ['/b']]);
  });

  it('of a call that rides alone reaches it, and rejects at once', async () => {
    const { promise } = Promise.withResolvers<never>();
    let seen: Signal | undefined;
    const { ask, clock } = aCollector(
      { batchSingle: false },
      {
        sendNative: ({ signal }) => {
          seen = signal;
          return promise;
        },
      },
    );
    const controller = new AbortController();
    const gone = failureOf(ask('/a', { signal: controller.signal }));
    await clock.endTask();

    controller.abort(reason);

    expect(await gone).toBe(reason);
    expect(seen?.aborted).toBe(true);
  });
});

describe('a caller', () => {
  it('gets its own part, whatever the order', async () => {
    const { ask, batches, clock } = aCollector();
    const replies = Promise.all([ask('/a'), ask('/b')]);
    await clock.endTask();

    const [a, b] = [aReply({ status: 201 }), aReply({ status: 202 })];
    batches[0]?.answer(1, b);
    batches[0]?.answer(0, a);
    batches[0]?.end();

    expect(await replies).toEqual([a, b]);
  });

  it('keeps its first part; unknown ids disturb nobody', async () => {
    const { ask, batches, clock } = aCollector();
    const replies = Promise.all([ask('/a'), ask('/b')]);
    await clock.endTask();

    const [first, second] = [aReply({ status: 201 }), aReply({ status: 202 })];
    batches[0]?.answer(7);
    batches[0]?.answer(0, first);
    batches[0]?.answer(0, second);
    batches[0]?.answer(-1);
    batches[0]?.answer(1, second);
    batches[0]?.end();

    expect(await replies).toEqual([first, second]);
  });

  it('without a part fails as `missing-part` when the batch ends', async () => {
    const { ask, batches, clock } = aCollector();
    const left = failureOf(ask('/a'));
    const answered = ask('/b');
    await clock.endTask();

    batches[0]?.answer(1);
    batches[0]?.end();

    expect(await left).toBeInstanceOf(BatchError);
    expect(await left).toMatchObject({ code: 'missing-part', batchId: 'b1' });
    expect((await left) as Error).toHaveProperty('message', expect.stringContaining('/a'));
    expect(await stateOf(answered)).toBe('ok');
  });

  it('without a part fails as the batch fails', async () => {
    const { ask, batches, clock } = aCollector();
    const left = failureOf(ask('/a'));
    const answered = ask('/b');
    await clock.endTask();

    const error = new BatchError('network', 'broken');
    batches[0]?.answer(1);
    batches[0]?.end(error);

    expect(await left).toBe(error);
    expect(await stateOf(answered)).toBe('ok');
  });
});
