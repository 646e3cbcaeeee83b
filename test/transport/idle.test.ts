import { describe, expect, it } from 'vitest';
import { to } from '../support/a-transport.ts';
import { aTimedTransport } from '../support/a-timed-transport.ts';
import { drained, stateOf } from '../support/drained.ts';
import { line, statsLine } from '../support/fake-network.ts';

const two = [to('/a'), to('/b')];

describe('an answer that is silent', () => {
  it('for `idleTimeout` is cut; what has come has come', async () => {
    const { clock, ended, events, isCancelled, parts, write } = await aTimedTransport(two);
    write(line('0', 200));
    await clock.advance(999);
    expect(await stateOf(ended)).toBe('pending');

    await clock.advance(1);

    const error = await ended;
    expect(error).toMatchObject({
      code: 'timeout',
      status: 200,
      batchId: 'b1',
      message:
        'batch b1 of 2 calls to https://app.test/batch fell silent before all parts had arrived; raise `idleTimeout`?',
      cause: { name: 'TimeoutError' },
    });
    expect(parts.map(({ id }) => id)).toEqual([0]);
    expect(isCancelled()).toBe(true);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ answered: 1, error, status: 200 });
    expect(events[0]?.delivery).toBeUndefined();
    expect(clock.pending()).toBe(0);
  });

  it.each([
    ['a part', line('0', 200)],
    ['a heartbeat', '\n'],
    ['a heartbeat of another kind', '\r\n'],
    ['a byte', '{'],
  ])('has its time anew after %s', async (_, text) => {
    const { clock, ended, write } = await aTimedTransport(two);

    for (let n = 0; n < 3; n++) {
      await clock.advance(999);
      write(n === 0 ? text : '\n');
      await drained();
    }

    expect(await stateOf(ended)).toBe('pending');
    await clock.advance(1000);
    expect(await ended).toMatchObject({ code: 'timeout' });
  });

  it('is cut between its last part and its statistics, too', async () => {
    const { clock, ended, parts, write } = await aTimedTransport(two);
    write(line('0', 200) + line('1', 200));

    await clock.advance(1000);

    expect(parts).toHaveLength(2);
    expect(await ended).toMatchObject({ code: 'timeout' });
  });

  it('is waited for however long with `false`', async () => {
    const { clock, end, ended, write } = await aTimedTransport(two, { idleTimeoutMs: false });

    // A sign of life, and then nothing.
    write('\n');
    await clock.advance(1e9);
    expect(clock.pending()).toBe(0);
    write(line('0', 200) + line('1', 200) + statsLine);
    end();

    expect(await ended).toBeUndefined();
  });

  it('is cut where it comes in one piece, and where it is an answer to all', async () => {
    const buffered = await aTimedTransport(two, {
      respond: ({ body }) =>
        new Response(body, { headers: { 'content-type': 'application/json' } }),
    });
    const refused = await aTimedTransport(two, {
      respond: ({ body }) => new Response(body, { status: 503 }),
    });
    buffered.write('{"responses":[');
    refused.write('sorry');

    await Promise.all([buffered.clock.advance(1000), refused.clock.advance(1000)]);

    expect(await buffered.ended).toMatchObject({ code: 'timeout' });
    expect(await refused.ended).toMatchObject({ code: 'timeout' });
    expect([buffered.parts, refused.parts]).toEqual([[], []]);
  });

  it('is cut where the endpoint refuses the batch, and says nothing more', async () => {
    const { clock, ended } = await aTimedTransport(two, {
      respond: ({ body }) => new Response(body, { status: 400 }),
    });

    await clock.advance(1000);

    expect(await stateOf(ended)).toBe('ok');
    expect(await ended).toMatchObject({ status: 400 });
  });
});

describe('an answer that comes to its end', () => {
  it('leaves no timer behind', async () => {
    const { clock, end, ended, write } = await aTimedTransport(two);
    write(line('0', 200));
    await drained();
    write(line('1', 200) + statsLine);
    end();

    expect(await ended).toBeUndefined();
    expect(clock.pending()).toBe(0);
  });

  it('in a failure leaves none, either', async () => {
    const { clock, ended, fail } = await aTimedTransport(two);
    fail(new TypeError('lost'));

    expect(await ended).toMatchObject({ code: 'network' });
    expect(clock.pending()).toBe(0);
  });
});
