import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { BatchError } from '../../src/core/errors.ts';
import { withDeadline } from '../../src/core/signals.ts';
import type { Signal } from '../../src/core/types.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { failureOf } from '../support/drained.ts';

const never = (): Promise<never> => Promise.withResolvers<never>().promise;

function start<T>(
  run: (signal: Signal) => Promise<T>,
  { signal, limitMs = false }: { signal?: AbortSignal; limitMs?: number | false } = {},
) {
  const clock = fakeClock();
  return { clock, result: withDeadline(() => 'GET /a', signal, limitMs, clock, run) };
}

describe('a call with a deadline', () => {
  it('comes to what it comes to', async () => {
    const error = new Error('own');

    expect(await start(() => Promise.resolve(1)).result).toBe(1);
    expect(await failureOf(start(() => Promise.reject(error)).result)).toBe(error);
  });

  it('fails with its caller’s reason at once, and is told of it', async () => {
    const controller = new AbortController();
    const run = vi.fn<(signal: Signal) => Promise<never>>(never);
    const { clock, result } = start(run, { signal: controller.signal, limitMs: 1000 });

    const reason = new Error('no longer wanted');
    controller.abort(reason);

    expect(await failureOf(result)).toBe(reason);
    expect(run.mock.calls[0]?.[0].reason).toBe(reason);
    expect(clock.pending()).toBe(0);
  });

  it('does not run for a caller that has gone already', async () => {
    const run = vi.fn<() => Promise<never>>(never);
    const reason = new Error('no longer wanted');

    const { clock, result } = start(run, { signal: AbortSignal.abort(reason), limitMs: 1000 });

    expect(await failureOf(result)).toBe(reason);
    expect(run).not.toHaveBeenCalled();
    expect(clock.pending()).toBe(0);
  });

  it('fails when its time is over, and is told of it', async () => {
    const run = vi.fn<(signal: Signal) => Promise<never>>(never);
    const { clock, result } = start(run, { limitMs: 1000 });
    const failure = failureOf(result);

    await clock.advance(999);
    expect(run.mock.calls[0]?.[0].aborted).toBe(false);
    await clock.advance(1);

    const error = (await failure) as BatchError;
    expect(error).toBeInstanceOf(BatchError);
    expect(error.code).toBe('timeout');
    expect(error.message).toBe(
      'GET /a took longer than 1000 ms; raise `timeout`, or set it to false',
    );
    expect(error.cause).toMatchObject({ name: 'TimeoutError' });
    expect(run.mock.calls[0]?.[0].reason).toBe(error);
  });

  it('sets no timer without a limit', () => {
    expect(start(never).clock.pending()).toBe(0);
  });

  it.each([
    ['a result', () => Promise.resolve()],
    ['a failure', () => Promise.reject(new Error('own'))],
  ])('leaves neither listener nor timer behind after %s', async (_, run) => {
    const { signal } = new AbortController();

    const { clock, result } = start<void>(run, { signal, limitMs: 1000 });
    await result.catch(() => {});

    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(clock.pending()).toBe(0);
  });

  it('leaves no listener behind when its time is over', async () => {
    const { signal } = new AbortController();
    const { clock, result } = start(never, { signal, limitMs: 1000 });
    const failure = failureOf(result);

    await clock.advance(1000);
    await failure;

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
