import { describe, expect, it } from 'vitest';
import { aTransport, echoed, ndjson, told, to, type Sent } from '../support/a-transport.ts';

const large = to('/a', {
  method: 'POST',
  headers: [['content-type', 'text/plain']],
  body: 'a'.repeat(2000),
});

const codings = (sent: readonly Sent[]): (string | null)[] =>
  sent.map(({ request }) => request.headers.get('content-encoding'));

const isZipped = ({ request }: Sent): boolean => request.headers.has('content-encoding');

describe('a compressed body that is answered 415', () => {
  it('is sent again uncompressed, once, and from then on so', async () => {
    const { events, ride, sent } = aTransport((one, n) => {
      if (isZipped(one)) return new Response(null, { status: 415 });
      return ndjson(echoed(one), n === 0 ? { 'accept-encoding': 'gzip' } : {});
    });
    await ride([large]);

    const outcome = await ride([large]);
    await ride([large]);

    expect(told(outcome)).toEqual([[0, '"/a"']]);
    expect(outcome.error).toBeUndefined();
    expect(codings(sent)).toEqual([null, 'gzip', null, null]);
    expect(events).toHaveLength(3);
    expect(events[1]).toMatchObject({ status: 200, answered: 1, delivery: 'streamed' });
    expect(events[1]?.bytesUp).toBe(sent[1]!.bytes.length + sent[2]!.bytes.length);
  });

  it('fails as refused when it is so uncompressed, too', async () => {
    const { events, ride, sent } = aTransport((one, n) =>
      n === 0
        ? ndjson(echoed(one), { 'accept-encoding': 'gzip' })
        : new Response('no', { status: 415 }),
    );
    await ride([large]);

    const { error, parts } = await ride([large]);

    expect(parts).toEqual([]);
    expect(error).toMatchObject({ code: 'status', status: 415 });
    expect(codings(sent)).toEqual([null, 'gzip', null]);
    expect(events[1]).toMatchObject({ status: 415 });
  });
});

describe('an uncompressed body that is answered 415', () => {
  it('is not sent again', async () => {
    const { ride, sent } = aTransport(() => new Response(null, { status: 415 }));

    const { error } = await ride([large]);

    expect(error).toMatchObject({ code: 'status', status: 415 });
    expect(sent).toHaveLength(1);
  });
});
