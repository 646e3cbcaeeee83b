import { describe, expect, it, vi } from 'vitest';
import type { FallbackEvent } from '../../src/core/events.ts';
import { createEvents } from '../../src/observe/events.ts';

const event: FallbackEvent = { url: 'https://app.test/', method: 'GET', reason: 'rule' };

describe('listeners', () => {
  it('are told of the events they asked for', () => {
    const { emit, on } = createEvents();
    const [one, two, other] = [
      vi.fn<(event: unknown) => void>(),
      vi.fn<(event: unknown) => void>(),
      vi.fn<(event: unknown) => void>(),
    ];
    on('fallback', one);
    on('fallback', two);
    on('batch', other);

    emit('fallback', event);

    expect(one.mock.calls).toEqual([[event]]);
    expect(two.mock.calls).toEqual([[event]]);
    expect(other).not.toHaveBeenCalled();
  });

  it('are told no more once they have said so', () => {
    const { emit, on } = createEvents();
    const [stays, leaves] = [vi.fn<(event: unknown) => void>(), vi.fn<(event: unknown) => void>()];
    on('fallback', stays);
    const off = on('fallback', leaves);

    off();
    off();
    emit('fallback', event);

    expect(stays).toHaveBeenCalledTimes(1);
    expect(leaves).not.toHaveBeenCalled();
  });

  it('may leave while they are told', () => {
    const { emit, on } = createEvents();
    const calls: string[] = [];
    const off = on('fallback', () => {
      calls.push('once');
      off();
    });
    on('fallback', () => calls.push('always'));

    emit('fallback', event);
    emit('fallback', event);

    expect(calls).toEqual(['once', 'always', 'always']);
  });

  it('that come while others are told hear of the next event', () => {
    const { emit, on } = createEvents();
    const late = vi.fn<(event: unknown) => void>();
    on('fallback', () => on('fallback', late));

    emit('fallback', event);

    expect(late).not.toHaveBeenCalled();
  });

  it('that throw disturb nobody, and their errors are reported', async () => {
    const { emit, on } = createEvents();
    const after = vi.fn<(event: unknown) => void>();
    const error = new Error('own');
    on('fallback', () => {
      throw error;
    });
    on('fallback', after);
    const reported = vi.fn<(event: unknown) => void>();
    vi.stubGlobal('queueMicrotask', (then: () => void) => {
      try {
        then();
      } catch (thrown) {
        reported(thrown);
      }
    });

    emit('fallback', event);
    vi.unstubAllGlobals();

    expect(after).toHaveBeenCalledTimes(1);
    expect(reported).toHaveBeenCalledWith(error);
  });

  it('may be none', () => {
    expect(() => {
      createEvents().emit('fallback', event);
    }).not.toThrow();
  });
});
