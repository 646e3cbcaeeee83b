import { getEventListeners } from 'node:events';
import { describe, expect, it, vi, type Mock } from 'vitest';
import type { Call, Priority } from '../../src/core/types.ts';
import { createDedupe, type Dedupe } from '../../src/layers/dedupe.ts';
import { onTop, type LayerBench } from '../support/a-layer.ts';
import { aReply } from '../support/calls.ts';
import { drained, failureOf, stateOf } from '../support/drained.ts';

interface Bench extends LayerBench, Pick<Dedupe, 'beginWrite'> {
  readonly onJoin: Mock<(call: Call) => void>;
}

function aDedupe(): Bench {
  const onJoin = vi.fn<(call: Call) => void>();
  const { layer, beginWrite } = createDedupe(onJoin);
  return { ...onTop(layer), beginWrite, onJoin };
}

describe('identical calls', () => {
  it.each(['GET', 'HEAD'])('share one flight and its reply: %s', async (method) => {
    const { ask, flights, onJoin } = aDedupe();

    const replies = [ask({ method }), ask({ method }), ask({ method })];
    const reply = aReply();
    flights[0]?.land(reply);

    expect(await Promise.all(replies)).toEqual([reply, reply, reply]);
    expect(flights).toHaveLength(1);
    expect(onJoin).toHaveBeenCalledTimes(2);
  });

  it('of nobody and of somebody by the name of null are not the same', async () => {
    const { ask, flights } = aDedupe();

    void ask({ who: null });
    void ask({ who: 'null' });
    await drained();

    expect(flights).toHaveLength(2);
  });

  it('share its failure', async () => {
    const { ask, flights } = aDedupe();
    const failures = Promise.all([failureOf(ask()), failureOf(ask())]);

    const error = new TypeError('lost');
    flights[0]?.fail(error);

    expect(await failures).toEqual([error, error]);
  });

  it('may join until the reply has come, and not after', async () => {
    const { ask, flights } = aDedupe();
    const early = ask();
    flights[0]?.land(aReply());
    await early;

    void ask();

    expect(flights).toHaveLength(2);
  });

  it('may not join a flight that has failed', async () => {
    const { ask, flights } = aDedupe();
    const early = failureOf(ask());
    flights[0]?.fail(new Error('lost'));
    await early;

    void ask();

    expect(flights).toHaveLength(2);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('that change something never merge: %s', (method) => {
    const { ask, flights, onJoin } = aDedupe();

    void ask({ method });
    void ask({ method });

    expect(flights).toHaveLength(2);
    expect(onJoin).not.toHaveBeenCalled();
  });

  it('have flights of their own where they ask for it', () => {
    const { ask, flights } = aDedupe();

    void ask();
    void ask({ dedupe: false });

    expect(flights).toHaveLength(2);
  });
});

describe('calls that differ', () => {
  it.each<[string, Partial<Call>, Partial<Call>]>([
    ['URL', { url: 'https://app.test/a' }, { url: 'https://app.test/b' }],
    ['query', { url: 'https://app.test/a?1' }, { url: 'https://app.test/a?2' }],
    ['method', { method: 'GET' }, { method: 'HEAD' }],
    ['credentials', { credentials: 'omit' }, { credentials: 'include' }],
    ['headers', { headers: [['accept', 'a']] }, { headers: [['accept', 'b']] }],
    ['headers, and none', { headers: [['accept', 'a']] }, {}],
    [
      'where a header ends',
      {
        headers: [
          ['a', '1'],
          ['b', '2'],
        ],
      },
      { headers: [['a', '1,b,2']] },
    ],
    [
      'what looks like it',
      { url: 'https://app.test/', method: 'GET' },
      { url: 'https://app.test/["' },
    ],
  ])('in their %s never share a flight', (_, one, two) => {
    const { ask, flights } = aDedupe();

    void ask(one);
    void ask(two);
    void ask(one);
    void ask(two);

    expect(flights).toHaveLength(2);
  });
});

describe('an abort', () => {
  const reason = new Error('no longer wanted');

  it('of the call that started a flight hands it to those that joined', async () => {
    const { ask, flights } = aDedupe();
    const leader = new AbortController();
    const gone = failureOf(ask({ signal: leader.signal }));
    const follower = ask();

    leader.abort(reason);
    const reply = aReply();
    flights[0]?.land(reply);

    expect(await gone).toBe(reason);
    expect(await follower).toBe(reply);
    expect(flights).toHaveLength(1);
    expect(flights[0]?.call.signal.aborted).toBe(false);
  });

  it('of one that joined disturbs nobody', async () => {
    const { ask, flights } = aDedupe();
    const controller = new AbortController();
    const leader = ask();
    const gone = failureOf(ask({ signal: controller.signal }));

    controller.abort(reason);

    expect(await gone).toBe(reason);
    expect(await stateOf(leader)).toBe('pending');
    expect(flights[0]?.call.signal.aborted).toBe(false);
  });

  it('of all of them aborts the flight, with the last one’s reason', async () => {
    const { ask, flights } = aDedupe();
    const [one, two] = [new AbortController(), new AbortController()];
    const gone = Promise.all([
      failureOf(ask({ signal: one.signal })),
      failureOf(ask({ signal: two.signal })),
    ]);

    one.abort(new Error('first'));
    two.abort(reason);

    expect(await gone).toEqual([new Error('first'), reason]);
    expect(flights[0]?.call.signal.reason).toBe(reason);
  });

  it('of all of them lets a later call start anew, even before the flight has ended', () => {
    const { ask, flights } = aDedupe();
    const controller = new AbortController();
    ask({ signal: controller.signal }).catch(() => {});

    controller.abort();
    void ask();

    expect(flights).toHaveLength(2);
    expect(flights[1]?.call.signal.aborted).toBe(false);
  });

  it('that came before the call is heard, and starts no flight', async () => {
    const { ask, flights } = aDedupe();

    const error = await failureOf(ask({ signal: AbortSignal.abort(reason) }));

    expect(error).toBe(reason);
    expect(flights).toEqual([]);
  });

  it('that came before a call that would join is heard', async () => {
    const { ask } = aDedupe();
    void ask();

    expect(await failureOf(ask({ signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it('leaves nothing on a long-lived signal, however a flight ends', async () => {
    const { signal } = new AbortController();
    const { ask, flights } = aDedupe();
    const calls = Array.from({ length: 5000 }, (_, n) =>
      ask({ signal, url: `https://app.test/${String(n % 100)}` }),
    );

    const settled = Promise.allSettled(calls);
    for (const [n, flight] of flights.entries()) {
      if (n % 2) flight.land(aReply());
      else flight.fail(new Error('lost'));
    }
    await settled;

    expect(flights).toHaveLength(100);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a live reply', () => {
  it('is told apart for each caller, so that each can read it whole', async () => {
    const { ask, flights } = aDedupe();
    const replies = [ask(), ask(), ask()];

    flights[0]?.land(aReply({ live: new Response('body'), body: null }));
    const lives = (await Promise.all(replies)).map(({ live }) => live!);

    expect(new Set(lives).size).toBe(3);
    expect(await Promise.all(lives.map((live) => live.text()))).toEqual(['body', 'body', 'body']);
  });

  it('of one caller is handed on as it is', async () => {
    const { ask, flights } = aDedupe();
    const controller = new AbortController();
    const reply = ask();
    ask({ signal: controller.signal }).catch(() => {});
    controller.abort();

    const live = new Response('body');
    flights[0]?.land(aReply({ live, body: null }));

    expect((await reply).live).toBe(live);
  });
});

describe('a caller in a hurry', () => {
  it.each<[Priority, Priority, number]>([
    ['low', 'low', 1],
    ['low', 'normal', 2],
    ['low', 'high', 2],
    ['low', 'critical', 2],
    ['normal', 'low', 1],
    ['normal', 'normal', 1],
    ['normal', 'high', 1],
    ['normal', 'critical', 2],
    ['high', 'normal', 1],
    ['high', 'critical', 2],
    ['critical', 'low', 1],
    ['critical', 'critical', 1],
  ])('is not held up by a flight that may wait: %s, then %s', (first, second, expected) => {
    const { ask, flights } = aDedupe();

    void ask({ priority: first });
    void ask({ priority: second });

    expect(flights).toHaveLength(expected);
  });

  it('has a flight that others join from then on', async () => {
    const { ask, flights } = aDedupe();
    void ask({ priority: 'low' });
    const urgent = ask({ priority: 'critical' });

    const joined = ask({ priority: 'critical' });
    const reply = aReply();
    flights[1]?.land(reply);

    expect(await Promise.all([urgent, joined])).toEqual([reply, reply]);
    await drained();
    expect(flights).toHaveLength(2);
  });

  it('leaves the slower flight to those who wait for it', async () => {
    const { ask, flights } = aDedupe();
    const slow = ask({ priority: 'low' });
    void ask({ priority: 'critical' });
    flights[1]?.land(aReply());
    await drained();

    expect(await stateOf(slow)).toBe('pending');
    flights[0]?.land(aReply({ status: 201 }));

    expect((await slow).status).toBe(201);
  });
});
