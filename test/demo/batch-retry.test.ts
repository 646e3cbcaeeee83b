import { describe, expect, it } from 'vitest';
import { withRetry, type RetryOptions } from '../../demo/server/batch/retry.ts';

const passing = (status: number, headers: HeadersInit = {}): Response =>
  new Response('not now', { status, headers });

/** Answers one after the other; the last one again and again. */
function aDispatch(answers: readonly (() => Response)[], options: RetryOptions = {}) {
  const pauses: number[] = [];
  const bodies: string[] = [];
  let asked = 0;
  const dispatch = withRetry(
    async (request) => {
      bodies.push(await request.text());
      return answers[Math.min(asked++, answers.length - 1)]!();
    },
    {
      random: () => 0.5,
      wait: async (ms) => {
        pauses.push(ms);
      },
      ...options,
    },
  );
  return { dispatch, pauses, bodies, asked: () => asked };
}

const ok = () => new Response('ok');
const aGet = (init: RequestInit = {}) => new Request('http://localhost/a', init);

describe('retry', () => {
  it.each([502, 503, 504])('%i is tried again, and the success is the answer', async (status) => {
    const { dispatch, asked } = aDispatch([() => passing(status), ok]);

    const response = await dispatch(aGet());

    expect(await response.text()).toBe('ok');
    expect(asked()).toBe(2);
  });

  it('the third failure is the answer', async () => {
    const { dispatch, asked } = aDispatch([() => passing(503)]);

    const response = await dispatch(aGet());

    expect(response.status).toBe(503);
    expect(await response.text()).toBe('not now');
    expect(asked()).toBe(3);
  });

  it('pauses are random shares of 50 ms, then of 100 ms', async () => {
    const { dispatch, pauses } = aDispatch([() => passing(503)]);

    await dispatch(aGet());

    expect(pauses).toEqual([25, 50]);
  });

  it('Retry-After says how long instead, up to a second', async () => {
    const { dispatch, pauses } = aDispatch([() => passing(503, { 'retry-after': '1' }), ok]);

    await dispatch(aGet());

    expect(pauses).toEqual([1000]);
  });

  it.each([429, 503])('a %i that asks for more than that is the answer', async (status) => {
    const { dispatch, asked } = aDispatch([() => passing(status, { 'retry-after': '2' }), ok]);

    expect((await dispatch(aGet())).status).toBe(status);
    expect(asked()).toBe(1);
  });

  it('a 429 is tried again if it says when, and that is soon', async () => {
    const { dispatch, pauses } = aDispatch([() => passing(429, { 'retry-after': '0' }), ok]);

    expect((await dispatch(aGet())).status).toBe(200);
    expect(pauses).toEqual([0]);
  });

  it('a 429 that says nothing is the answer', async () => {
    const { dispatch, asked } = aDispatch([() => passing(429), ok]);

    expect((await dispatch(aGet())).status).toBe(429);
    expect(asked()).toBe(1);
  });

  it.each([200, 304, 400, 401, 404, 409, 500, 501])('%i is not tried again', async (status) => {
    const answer = () => new Response(null, { status });
    const { dispatch, asked } = aDispatch([answer]);

    await dispatch(aGet());

    expect(asked()).toBe(1);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('a %s is not sent twice', async (method) => {
    const { dispatch, asked } = aDispatch([() => passing(503), ok]);

    expect((await dispatch(aGet({ method, body: 'x' }))).status).toBe(503);
    expect(asked()).toBe(1);
  });

  it('a POST with an Idempotency-Key is, its body included', async () => {
    const { dispatch, bodies } = aDispatch([() => passing(503)]);
    const headers = { 'idempotency-key': '"k"' };

    await dispatch(aGet({ method: 'POST', body: 'milk', headers }));

    expect(bodies).toEqual(['milk', 'milk', 'milk']);
  });

  it('is over when nobody waits any more', async () => {
    const gone = new AbortController();
    const { dispatch, asked } = aDispatch([() => passing(503), ok], {
      wait: async (_, signal) => {
        gone.abort();
        signal.throwIfAborted();
      },
    });

    expect((await dispatch(aGet({ signal: gone.signal }))).status).toBe(503);
    expect(asked()).toBe(1);
  });

  it('what throws is not tried again', async () => {
    let asked = 0;
    const dispatch = withRetry(() => {
      asked++;
      throw new Error('a bug');
    });

    await expect(dispatch(aGet())).rejects.toThrow('a bug');
    expect(asked).toBe(1);
  });
});
