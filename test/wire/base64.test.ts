import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64Url } from '../../src/wire/base64.ts';

describe('base64', () => {
  it('is written as Node writes base64url', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      }),
    );
  });

  it.each(['base64', 'base64url'] as const)('is read back from %s', (encoding) => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase64(Buffer.from(bytes).toString(encoding))).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it('takes bodies of any size', () => {
    const bytes = Uint8Array.from({ length: 300_001 }, (_, i) => i * 7);

    expect(fromBase64(toBase64Url(bytes))).toEqual(bytes);
  });

  it.each(['a', 'ab!c', 'é', '===='])('refuses what is none: %s', (text) => {
    expect(() => fromBase64(text)).toThrow(DOMException);
  });
});
