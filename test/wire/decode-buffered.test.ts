import { describe, expect, it } from 'vitest';
import { decodeBuffered, type Decoded } from '../../src/wire/decode.ts';
import { bytesOf, textOf } from '../support/calls.ts';

const decode = (text: string): Decoded[] => decodeBuffered(bytesOf(text));

const kinds = (decoded: readonly Decoded[]): string[] =>
  decoded.map((one) => (one.kind === 'part' ? one.id : one.kind));

describe('a buffered answer', () => {
  it('brings its parts in the order in which they stand', () => {
    const text = '{"responses":[{"id":"2","status":200},{"id":"0","status":404}]}';

    expect(kinds(decode(text))).toEqual(['2', '0']);
  });

  it('brings its statistics last, wherever they stand', () => {
    expect(kinds(decode('{"stats":{},"responses":[{"id":"0","status":200}]}'))).toEqual([
      '0',
      'stats',
    ]);
  });

  it('may be empty, pretty-printed, and say more than this client knows', () => {
    expect(decode('{ "@context": [1, {"responses": 2}],\n "responses" : [ ] }')).toEqual([]);
  });

  it('keeps JSON bodies as they were written', () => {
    const [part] = decode(
      '{"responses":[{"id":"0","status":200,"headers":{"Content-Type":"application/json"},"body": {"n": 1.0} }]}',
    );

    expect(part?.kind === 'part' && textOf(part.body)).toBe('{"n": 1.0}');
  });

  it('loses nothing by one element that is no part', () => {
    expect(kinds(decode('{"responses":[null,{"id":"0","status":200},7]}'))).toEqual([
      'unknown',
      '0',
      'unknown',
    ]);
  });

  it('needs no statistics that make sense', () => {
    expect(decode('{"responses":[],"stats":null}')).toEqual([]);
  });

  it.each([
    [''],
    ['[]'],
    ['{}'],
    ['{"responses":{}}'],
    ['{"responses":null}'],
    ['{"responses":[{"id":"0","status":200}'],
    ['<html></html>'],
  ])('without a list of responses is refused: %s', (text) => {
    expect(() => decode(text)).toThrow(SyntaxError);
  });
});
