import { describe, expect, it } from 'vitest';
import { aTransport, line, ndjson, statsLine, to } from '../support/a-transport.ts';
import type { Call, Reply } from '../../src/core/types.ts';

async function replyTo(text: string, call: Partial<Call> = {}): Promise<Reply | undefined> {
  const { ride } = aTransport(() => ndjson(text + statsLine));
  const { parts } = await ride([to('/a', call)]);
  return parts[0]?.reply;
}

describe('a reply', () => {
  it('has the status’ own words, and the URL of its call', async () => {
    expect(await replyTo(line('0', 404))).toMatchObject({
      status: 404,
      statusText: 'Not Found',
      url: 'https://app.test/a',
      redirected: false,
    });
  });

  it('has an empty body where none was sent', async () => {
    expect((await replyTo('{"id":"0","status":200}\n'))?.body).toEqual(new Uint8Array());
  });

  it.each([204, 205, 304])('of status %s has no body, whatever was sent', async (status) => {
    expect((await replyTo(line('0', status, { a: 1 })))?.body).toBeNull();
  });

  it('to a HEAD has no body, whatever was sent', async () => {
    expect((await replyTo(line('0', 200, { a: 1 }), { method: 'HEAD' }))?.body).toBeNull();
  });

  it('never shows cookies', async () => {
    const reply = await replyTo(line('0', 200, 1, { 'Set-Cookie': 'a=b', 'x-a': '1' }));

    expect(reply?.headers).toEqual([
      ['content-type', 'application/json'],
      ['x-a', '1'],
    ]);
  });
});
