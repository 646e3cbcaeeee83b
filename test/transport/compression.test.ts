import { describe, expect, it } from 'vitest';
import { aTransport, echoed, ndjson, to } from '../support/a-transport.ts';

const large = to('/a', {
  method: 'POST',
  headers: [['content-type', 'text/plain']],
  body: 'a'.repeat(2000),
});

const offering = (codings: string) =>
  aTransport((sent) => ndjson(echoed(sent), { 'accept-encoding': codings }));

describe('a request body', () => {
  it('is compressed once the server has said that it takes gzip', async () => {
    const { events, ride, sent } = offering('br, gzip');

    await ride([large]);
    await ride([large]);

    expect(sent.map(({ request }) => request.headers.get('content-encoding'))).toEqual([
      null,
      'gzip',
    ]);
    expect(sent[1]?.items[0]?.body).toBe('a'.repeat(2000));
    expect(sent[1]?.bytes.length).toBeLessThan(200);
    expect(events[1]?.bytesUp).toBe(sent[1]?.bytes.length);
  });

  it('is never compressed unasked', async () => {
    const { ride, sent } = aTransport();

    await ride([large]);
    await ride([large]);

    expect(sent[1]?.request.headers.get('content-encoding')).toBeNull();
  });

  it('of 1 kB or less goes as it is', async () => {
    const { ride, sent } = offering('gzip');

    await ride([to('/a')]);
    await ride([to('/a')]);

    expect(sent[1]?.request.headers.get('content-encoding')).toBeNull();
  });

  it('goes as it is when the page is left, which has no time to compress', async () => {
    const { ride, sent } = offering('gzip');

    await ride([large]);
    await ride([large], { keepalive: true });

    expect(sent[1]?.request.headers.get('content-encoding')).toBeNull();
  });

  it('goes as it is to another endpoint', async () => {
    const { ride, sent } = offering('gzip');

    await ride([large]);
    await ride([{ ...large, endpoint: 'https://other.test/batch' }]);

    expect(sent[1]?.request.headers.get('content-encoding')).toBeNull();
  });

  it.each(['br', 'identity'])('goes as it is to a server that takes %s', async (codings) => {
    const { ride, sent } = offering(codings);

    await ride([large]);
    await ride([large]);

    expect(sent[1]?.request.headers.get('content-encoding')).toBeNull();
  });
});
