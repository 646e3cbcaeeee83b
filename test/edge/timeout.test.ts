import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatchError } from '../../src/index.ts';
import { aClient, url } from '../support/a-client.ts';
import { drained, failureOf, stateOf } from '../support/drained.ts';
import { line, statsLine, streamedAnswer } from '../support/fake-network.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const never = (): Promise<Response> => new Promise(() => {});

describe('a call that takes too long', () => {
  it('fails, and its batch with it once nobody is left', async () => {
    const { calls, fetch, seen } = aClient({ timeout: '2s' }, never);
    const failures = Promise.all([failureOf(fetch(url('/a'))), failureOf(fetch(url('/b')))]);
    await drained();

    await vi.advanceTimersByTimeAsync(1999);
    expect(seen[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const [error] = await failures;
    await drained();

    expect(error).toBeInstanceOf(BatchError);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'timeout', cause: { name: 'TimeoutError' } });
    expect((error as Error).message).toBe(
      `GET ${url('/a')} took longer than 2000 ms; raise \`timeout\`, or set it to false`,
    );
    expect(seen[0]?.signal.aborted).toBe(true);
    expect(calls).toMatchObject([{ error }, {}]);
  });

  it('takes none of the others along', async () => {
    const answer = streamedAnswer();
    const { fetch } = aClient({ timeout: 1000, window: 100 }, () => answer.response);
    const early = failureOf(fetch(url('/a')));
    await vi.advanceTimersByTimeAsync(50);
    const late = fetch(url('/b'));
    await vi.advanceTimersByTimeAsync(950);

    expect(await early).toMatchObject({ code: 'timeout' });
    answer.write(line('1', 200, 'b') + statsLine);
    answer.end();

    expect(await (await late).json()).toBe('b');
  });

  it('has its time counted from the call, not from the batch', async () => {
    const { fetch } = aClient({ timeout: 1000, window: 5000 }, never);

    const failure = failureOf(fetch(url('/a')));
    await vi.advanceTimersByTimeAsync(1000);

    expect(await failure).toMatchObject({ code: 'timeout' });
  });

  it('alone is limited too', async () => {
    const { fetch, natives } = aClient({ timeout: 1000 }, never);

    const failure = failureOf(fetch(url('/a')));
    await drained();
    await vi.advanceTimersByTimeAsync(1000);

    expect(await failure).toMatchObject({ code: 'timeout' });
    expect(natives()[0]?.signal.aborted).toBe(true);
  });

  it('may take as long as it likes where there is no limit', async () => {
    const { fetch } = aClient({ timeout: false }, never);

    const call = fetch(url('/a'));
    await vi.advanceTimersByTimeAsync(10_000_000);

    expect(await stateOf(call)).toBe('pending');
  });

  it('that went past is native’s business', async () => {
    const { fetch } = aClient({ timeout: 1 }, never);

    const call = fetch(url('/a'), { cache: 'no-store' });
    await vi.advanceTimersByTimeAsync(10_000);

    expect(await stateOf(call)).toBe('pending');
  });

  it('leaves no timer behind when it was in time', async () => {
    const { fetch } = aClient({ timeout: 1000 });

    await Promise.all([fetch(url('/a')), fetch(url('/b'))]);
    await drained();

    expect(vi.getTimerCount()).toBe(0);
  });
});
