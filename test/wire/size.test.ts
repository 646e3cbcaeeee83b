import { describe, expect, it } from 'vitest';
import type { Call } from '../../src/core/types.ts';
import { encodeBatch, sizeOf } from '../../src/wire/encode.ts';
import { aCall } from '../support/calls.ts';

const envelope = '{"requests":[]}'.length;

const bytesOf = (call: Call): number =>
  Buffer.byteLength(encodeBatch([{ id: 0, call }]).body) - envelope;

const typed = (type: string, body: string | Uint8Array<ArrayBuffer>): Call =>
  aCall({ method: 'POST', headers: [['content-type', type]], body });

describe('what is reckoned for a call', () => {
  it.each<[string, Call, number]>([
    ['a path', aCall(), 1],
    ['a long query', aCall({ url: `https://app.test/?${'q'.repeat(2000)}` }), 1],
    ['backslashes', aCall({ url: `https://app.test/?${'\\'.repeat(2000)}` }), 1],
    ['headers', aCall({ headers: [['a', 'x'.repeat(2000)]] }), 1],
    ['headers with quotes', aCall({ headers: [['a', '"'.repeat(2000)]] }), 1],
    ['JSON', typed('application/json', JSON.stringify(Array(500).fill('ab'))), 1],
    ['text', typed('text/plain', 'x'.repeat(2000)), 1],
    ['text that is escaped', typed('text/plain', '\n\u0001"'.repeat(700)), 1],
    ['bytes', typed('a/b', new Uint8Array(2000)), 1],
    // Not worth the time to count: three bytes for each character.
    ['text beyond ASCII', typed('text/plain', 'é'.repeat(2000)), 1.5],
    ['text beyond the BMP', typed('text/plain', '\u{1f600}'.repeat(1000)), 1.5],
  ])('is enough for %s, and hardly more', (_, call, slack) => {
    const bytes = bytesOf(call);

    const reckoned = sizeOf(call);

    expect(reckoned).toBeGreaterThanOrEqual(bytes);
    expect(reckoned).toBeLessThanOrEqual(bytes * slack + 150);
  });
});
