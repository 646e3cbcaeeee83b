import { describe, expect, it } from 'vitest';
import { aTransport, line, ndjson, statsLine, told, to } from '../support/a-transport.ts';
import { bytesOf } from '../support/calls.ts';
import { streamedAnswer } from '../support/fake-network.ts';

const [a, b] = [to('/a'), to('/b')];

const answering = (text: string) => aTransport(() => ndjson(text));

describe('a streamed answer', () => {
  it('yields each part when its line has arrived', async () => {
    const answer = streamedAnswer();
    const { start } = aTransport(() => answer.response);
    const parts = start([a, b]);

    const first = parts.next();
    answer.write(line('1', 200, 'b'));
    expect(await first).toMatchObject({ value: { id: 1 } });
    const second = parts.next();
    answer.write(line('0', 200, 'a'));
    expect(await second).toMatchObject({ value: { id: 0 } });
    const end = parts.next();
    answer.write(statsLine);
    answer.end();

    expect(await end).toMatchObject({ done: true });
  });

  it('may be broken anywhere by heartbeats', async () => {
    const { ride } = answering(`\n\n${line('0', 200, 1)}\n\r\n${line('1', 200, 2)}${statsLine}\n`);

    const outcome = await ride([a, b]);

    expect(outcome.error).toBeUndefined();
    expect(told(outcome)).toEqual([
      [0, '1'],
      [1, '2'],
    ]);
  });

  it('needs no statistics where every part has come', async () => {
    const { ride } = answering(line('0', 200, 1));

    expect((await ride([a])).error).toBeUndefined();
  });

  it('needs no line feed behind its last line', async () => {
    const { ride } = answering(line('0', 200, 1).trimEnd());

    const outcome = await ride([a]);

    expect(told(outcome)).toEqual([[0, '1']]);
    expect(outcome.error).toBeUndefined();
  });

  it('is read on behind its statistics', async () => {
    const { ride } = answering(statsLine + line('0', 200, 1));

    expect(told(await ride([a]))).toEqual([[0, '1']]);
  });
});

describe('a stream that is cut', () => {
  const whole = bytesOf(line('1', 200, 'é') + line('0', 404, { a: 1 }) + statsLine);
  const ends = [...whole.keys()].filter((at) => whole[at] === 0x0a);

  it('loses what has not arrived, and nothing else, at whatever byte', async () => {
    for (let at = 0; at <= whole.length; at++) {
      const { ride } = aTransport(() => ndjson(whole.slice(0, at)));

      const { parts, error } = await ride([a, b]);

      // The line feed itself may be missing.
      const arrived = [1, 0].filter((_, n) => at >= ends[n]!);
      expect(parts.map(({ id }) => id)).toEqual(arrived);
      if (arrived.length === 2) expect(error).toBeUndefined();
      else expect(error).toMatchObject({ code: 'missing-part', status: 200, batchId: 'b1' });
    }
  });

  it('says how many answers are missing', async () => {
    const { ride } = answering(line('1', 200, 1));

    const { error } = await ride([a, b, to('/c')]);

    expect((error as Error).message).toContain('without an answer to 2 of them');
  });

  it('by a lost connection keeps what has arrived', async () => {
    const answer = streamedAnswer();
    const { start } = aTransport(() => answer.response);
    const parts = start([a, b]);
    const first = parts.next();
    answer.write(line('1', 200, 1));
    await first;

    const second = parts.next();
    const cause = new TypeError('terminated');
    answer.write('{"id":"0"');
    answer.fail(cause);

    await expect(second).rejects.toMatchObject({ code: 'network', status: 200, cause });
  });
});

describe('a line that is not JSON', () => {
  it('ends the stream as a protocol error, and keeps what came before', async () => {
    const { ride } = answering(`${line('1', 200, 1)}<html>\n${line('0', 200, 1)}${statsLine}`);

    const { parts, error } = await ride([a, b]);

    expect(parts.map(({ id }) => id)).toEqual([1]);
    expect(error).toMatchObject({ code: 'protocol' });
    expect((error as Error).cause).toBeInstanceOf(SyntaxError);
  });

  it('gives up the connection', async () => {
    const answer = streamedAnswer();
    const { ride } = aTransport(() => answer.response);

    const outcome = ride([a]);
    answer.write('<html>\n');
    await outcome;

    expect(answer.isCancelled()).toBe(true);
  });
});

describe('strays', () => {
  it('are dropped and counted: unknown ids, repeated ones, lines that are no part', async () => {
    const { events, ride } = answering(
      [
        line('7', 200, 'unknown'),
        line('0', 200, 'first'),
        line('0', 200, 'again'),
        line('00', 200, 'unknown'),
        '{"id":"1","status":"200"}\n',
        '"ping"\n',
        line('1', 200, 'own'),
        line('constructor', 200, 'unknown'),
        statsLine,
      ].join(''),
    );

    const outcome = await ride([a, b]);

    expect(told(outcome)).toEqual([
      [0, '"first"'],
      [1, '"own"'],
    ]);
    expect(events[0]).toMatchObject({ strays: 6, answered: 2 });
  });
});

describe('an abort', () => {
  it('while parts arrive breaks off the request', async () => {
    const controller = new AbortController();
    const answer = streamedAnswer();
    const { events, sent, start } = aTransport((one) => {
      one.request.signal.addEventListener('abort', () => {
        answer.fail(one.request.signal.reason);
      });
      return answer.response;
    });
    const parts = start([a], { signal: controller.signal });
    const first = parts.next();
    first.catch(() => {});
    await new Promise(setImmediate);

    const reason = new Error('no longer wanted');
    controller.abort(reason);

    await expect(first).rejects.toMatchObject({ code: 'network' });
    expect(sent[0]?.request.signal.aborted).toBe(true);
    expect(events[0]?.error).toBe(reason);
  });
});
