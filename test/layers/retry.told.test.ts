import { describe, expect, it } from 'vitest';
import { aRetry, refusal, start } from '../support/a-retry.ts';
import { drained, stateOf } from '../support/drained.ts';

const to = (path: string): { url: string } => ({ url: `https://app.test${path}` });

describe('`Retry-After`', () => {
  const inSeconds = (seconds: number): string => String(seconds);
  const asDate = (seconds: number): string => new Date(start + seconds * 1000).toUTCString();
  const forms = [
    ['seconds', inSeconds],
    ['a date', asDate],
  ] as const;

  it.each(forms)('in %s wins over the backoff, longer or shorter', async (_, form) => {
    const bench = aRetry({ delay: '20s', maxDelay: '20s' });
    void bench.ask();
    bench.flights[0]?.land(refusal(503, form(2)));

    await bench.clock.advance(1999);
    expect(bench.flights).toHaveLength(1);
    await bench.clock.advance(21);

    expect(bench.flights).toHaveLength(2);
    expect(bench.clock.now()).toBe(2020);
  });

  it.each(forms)('in %s is never undercut, and exceeded by 20 ms at most', async (_, form) => {
    const bench = aRetry();
    void bench.ask();

    bench.flights[0]?.land(refusal(503, form(5)));
    await drained();

    expect(bench.events[0]?.delayMs).toBeGreaterThanOrEqual(5000);
    expect(bench.events[0]?.delayMs).toBeLessThanOrEqual(5020);
  });

  it('wins over `maxDelay`', async () => {
    const bench = aRetry({ maxDelay: 100 });
    void bench.ask();
    bench.flights[0]?.land(refusal(429, '7'));

    await bench.clock.advance(6999);
    expect(bench.flights).toHaveLength(1);
    await bench.clock.advance(21);

    expect(bench.flights).toHaveLength(2);
  });

  it.each(['soon', '-1', '1.5', ''])('that is none leaves it to the backoff: %j', async (value) => {
    const bench = aRetry();
    void bench.ask();

    bench.flights[0]?.land(refusal(503, value));
    await bench.clock.advance(300);

    expect(bench.flights).toHaveLength(2);
    expect(bench.events[0]?.delayMs).toBe(300);
  });

  it.each(['0', 'Thu, 15 Jan 2026 11:00:00 GMT'])('of now means now: %s', async (value) => {
    const bench = aRetry();
    void bench.ask();

    bench.flights[0]?.land(refusal(503, value));
    await bench.clock.advance(20);

    expect(bench.flights).toHaveLength(2);
  });

  it('brings those together who are told the same a moment later', async () => {
    const bench = aRetry();
    for (const path of ['/a', '/b', '/c']) void bench.ask(to(path));
    bench.begun();
    bench.flights[0]?.land(refusal(503, '1'));
    await bench.clock.advance(15);
    bench.flights[1]?.land(refusal(503, '1'));
    await bench.clock.advance(10);
    bench.flights[2]?.land(refusal(503, '1'));

    await bench.clock.advance(995);
    expect(bench.begun()).toEqual(['/a', '/b']);
    await bench.clock.advance(25);

    expect(bench.begun()).toEqual(['/c']);
  });

  it('keeps those apart who are told otherwise, or nothing', async () => {
    const bench = aRetry();
    for (const path of ['/a', '/b', '/c']) void bench.ask(to(path));
    bench.begun();
    bench.flights[0]?.land(refusal(503, '1'));
    bench.flights[1]?.land(refusal(503, '2'));
    bench.flights[2]?.land(refusal(503));

    await bench.clock.advance(300);
    expect(bench.begun()).toEqual(['/c']);
    await bench.clock.advance(720);
    expect(bench.begun()).toEqual(['/a']);
    await bench.clock.advance(1000);
    expect(bench.begun()).toEqual(['/b']);
  });

  it('beyond the time that is left has the answer returned at once', async () => {
    const bench = aRetry({}, { timeoutMs: 10_000 });
    const reply = bench.ask();
    await bench.clock.advance(4000);

    bench.flights[0]?.land(refusal(503, '6'));

    expect((await reply).status).toBe(503);
    expect(bench.events).toMatchObject([{ attempt: 1, status: 503, refused: 'deadline' }]);
    expect(bench.events[0]?.delayMs).toBeUndefined();
    expect(bench.clock.pending()).toBe(0);
  });

  it('within the time that is left is waited for', async () => {
    const bench = aRetry({}, { timeoutMs: 10_000 });
    void bench.ask();
    await bench.clock.advance(4000);

    bench.flights[0]?.land(refusal(503, '5'));
    await bench.clock.advance(5020);

    expect(bench.flights).toHaveLength(2);
  });

  it('that leaves less than its slack has the answer returned at once: no wait outlasts its call', async () => {
    const bench = aRetry({}, { timeoutMs: 1010 });
    const reply = bench.ask();

    bench.flights[0]?.land(refusal(503, '1'));

    expect(await stateOf(reply)).toBe('ok');
    expect(bench.events).toMatchObject([{ refused: 'deadline' }]);
  });

  it('is waited for however long where there is no deadline', async () => {
    const bench = aRetry({}, { timeoutMs: false });
    void bench.ask();

    bench.flights[0]?.land(refusal(503, '3600'));
    await bench.clock.advance(3_600_020);

    expect(bench.flights).toHaveLength(2);
  });
});
