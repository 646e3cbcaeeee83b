import { describe, expect, it } from 'vitest';
import type { BatchEvent, CallEvent } from '../../src/core/events.ts';
import { createStatistics } from '../../src/observe/statistics.ts';

const aCallEvent = (given: Partial<CallEvent> = {}): CallEvent => ({
  url: 'https://app.test/',
  method: 'GET',
  priority: 'normal',
  status: 200,
  durationMs: 1,
  ...given,
});

const aBatchEvent = (given: Partial<BatchEvent> = {}): BatchEvent => ({
  id: 'b1',
  endpoint: 'https://app.test/batch',
  items: 1,
  answered: 1,
  bytesUp: 0,
  bytesDown: 0,
  durationMs: 1,
  strays: 0,
  droppedSetCookie: [],
  ...given,
});

describe('statistics', () => {
  it('begin at nothing', () => {
    expect(createStatistics().read()).toEqual({
      calls: 0,
      retries: 0,
      batched: 0,
      batches: 0,
      single: 0,
      deduplicated: 0,
      bypassed: 0,
      bypassReasons: {},
      failed: 0,
      savedRequests: 0,
      bytesUp: 0,
      bytesDown: 0,
      p50: undefined,
      p95: undefined,
      p99: undefined,
    });
  });

  it('count calls by what became of them', () => {
    const { alone, count, joined, read } = createStatistics();

    count('call', aCallEvent());
    count('call', aCallEvent({ status: 500 }));
    count('call', aCallEvent({ status: undefined, error: new Error('lost') }));
    count('fallback', { url: '', method: 'GET', reason: 'rule' });
    count('fallback', { url: '', method: 'GET', reason: 'body' });
    count('fallback', { url: '', method: 'GET', reason: 'rule' });
    alone();
    joined();

    expect(read()).toMatchObject({
      calls: 6,
      failed: 1,
      bypassed: 3,
      bypassReasons: { rule: 2, body: 1 },
      single: 1,
      deduplicated: 1,
    });
  });

  it('count batches, and the requests they made unnecessary', () => {
    const { count, joined, read } = createStatistics();

    count('batch', aBatchEvent({ items: 10, bytesUp: 100, bytesDown: 1000 }));
    count('batch', aBatchEvent({ items: 5, bytesUp: 10, bytesDown: 20 }));
    joined();
    joined();

    expect(read()).toMatchObject({
      batches: 2,
      batched: 15,
      bytesUp: 110,
      bytesDown: 1020,
      savedRequests: 15,
    });
  });

  it('hand out a copy', () => {
    const { count, read } = createStatistics();
    count('fallback', { url: '', method: 'GET', reason: 'rule' });
    const before = read();

    count('fallback', { url: '', method: 'GET', reason: 'rule' });

    expect(before.bypassReasons).toEqual({ rule: 1 });
  });
});

describe('percentiles', () => {
  it.each([
    [[5], [5, 5, 5]],
    [
      [30, 10, 20],
      [20, 30, 30],
    ],
    [Array.from({ length: 100 }, (_, n) => 100 - n), [50, 95, 99]],
    [
      [9, 100, 2000],
      [100, 2000, 2000],
    ],
  ])('of %j are %j', (durations, expected) => {
    const { count, read } = createStatistics();

    for (const durationMs of durations) count('call', aCallEvent({ durationMs }));

    const { p50, p95, p99 } = read();
    expect([p50, p95, p99]).toEqual(expected);
  });

  it('are of calls that were answered', () => {
    const { count, read } = createStatistics();

    count('call', aCallEvent({ durationMs: 1 }));
    count('call', aCallEvent({ status: undefined, durationMs: 30_000 }));

    expect(read().p99).toBe(1);
  });

  it('are of the last 1,024', () => {
    const { count, read } = createStatistics();

    for (let n = 0; n < 1024; n++) count('call', aCallEvent({ durationMs: 1000 }));
    for (let n = 0; n < 1023; n++) count('call', aCallEvent({ durationMs: 1 }));

    expect(read()).toMatchObject({ p50: 1, p99: 1 });
    count('call', aCallEvent({ durationMs: 2 }));
    expect(read().p99).toBe(1);
    expect(read().calls).toBe(2048);
  });
});
