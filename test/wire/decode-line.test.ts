import { describe, expect, it } from 'vitest';
import { decodeLine, type Decoded } from '../../src/wire/decode.ts';
import { bytesOf, textOf } from '../support/calls.ts';

const decode = (text: string): Decoded => decodeLine(bytesOf(text));

/** The text of the body that a line brings, null for none. */
function bodyOf(text: string): string | null {
  const decoded = decode(text);
  if (decoded.kind !== 'part') throw new Error(`expected a part, got ${decoded.kind}`);
  return textOf(decoded.body);
}

const part = (headers: string, body: string): string =>
  `{"id":"0","status":200,"headers":${headers},"body":${body}}`;

describe('the body of a line', () => {
  it.each([
    ['JSON, as it was written', '{"content-type":"application/json"}', '[1.10, 9007199254740993]'],
    ['JSON under a suffix', '{"content-type":"application/geo+json; v=2"}', '{"a":"\\u0041"}'],
    ['JSON null', '{"content-type":"application/json"}', 'null'],
    ['JSON that nobody named', '{}', '{"a":1}'],
    ['a JSON string', '{"content-type":"application/json"}', '"text"'],
  ])('is %s', (_, headers, body) => {
    expect(bodyOf(part(headers, body))).toBe(body);
  });

  it.each([
    ['text', '{"content-type":"text/plain"}', '"a\\nb"', 'a\nb'],
    ['text in other characters', '{"content-type":"text/html"}', '"\\u00e9\u{1f600}"', 'é😀'],
    ['a form', '{"Content-Type":"application/x-www-form-urlencoded"}', '"a=1&b=2"', 'a=1&b=2'],
    ['text that nobody named', '{}', '"hello"', 'hello'],
    ['padded base64', '{"content-type":"image/png"}', '"Pj4+Pz8/IQ=="', '>>>???!'],
    ['base64url', '{"content-type":"image/png"}', '"Pj4-Pz8_IQ"', '>>>???!'],
    ['empty', '{"content-type":"image/png"}', '""', ''],
  ])('is %s, decoded', (_, headers, body, expected) => {
    expect(bodyOf(part(headers, body))).toBe(expected);
  });

  it('is null where there is none', () => {
    expect(bodyOf('{"id":"0","status":204}')).toBeNull();
  });

  it('may stand first, or between others', () => {
    expect(bodyOf('{"body":"x","id":"0","status":200}')).toBe('x');
    expect(bodyOf('{"id":"0","body":"x","status":200}')).toBe('x');
  });

  it('is the last of several, as in `JSON.parse`', () => {
    expect(bodyOf('{"body":"x","id":"0","body":"y","status":200}')).toBe('y');
  });

  it('is not looked for inside other members', () => {
    expect(bodyOf('{"id":"0","status":200,"more":{"body":1}}')).toBeNull();
  });
});

describe('a line', () => {
  it('of statistics is the end', () => {
    expect(decode('{"stats":{"total":2}}')).toEqual({ kind: 'stats', stats: { total: 2 } });
  });

  it('is a part even where it has a member called stats', () => {
    expect(decode('{"id":"0","status":200,"stats":{}}')).toMatchObject({ kind: 'part', id: '0' });
  });

  it.each([
    ['{}'],
    ['{"id":0,"status":200}'],
    ['{"id":"0","status":"200"}'],
    ['{"id":"0","status":101}'],
    ['{"id":"0","status":600}'],
    ['{"id":"0","status":200,"headers":{"a":1}}'],
    ['{"id":"0","status":200,"headers":null}'],
    ['{"stats":1}'],
    [part('{"content-type":"image/png"}', '"no base64!"')],
    [part('{"a b":"1"}', '""')],
    [part('{"a":"1\\n2"}', '""')],
    [part('{"a":"\u4e2d"}', '""')],
    ['null'],
    ['[]'],
    [' 42'],
    ['"ping"'],
  ])('that is JSON but no part is none this protocol knows: %s', (text) => {
    expect(decode(text)).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['<html>'],
    ['\ufeff{"id":"0","status":200}'],
    ['{"id":"0","status":200'],
    ['{"id":"0","status":200}}'],
    ['{"id":"0","status":200,"body":{"a":1}'],
    ['{"id":"0","status":200,"body":"a}'],
    ['{"id":"0","status":200,"body":nul}'],
    ['{"id":"0","status":200,"body":1} 2'],
    [part('{"content-type":"application/json"}', 'nul')],
    [part('{"content-type":"application/json"}', '01')],
    ['{"id":"0","status":200,}'],
    ['{id:"0"}'],
    ['{"id"}'],
    ['['],
    ['nil'],
  ])('that is not JSON is refused: %s', (text) => {
    expect(() => decode(text)).toThrow(SyntaxError);
  });

  it('may end in a carriage return', () => {
    expect(bodyOf(`${part('{}', '"x"')}\r`)).toBe('x');
  });
});

describe('header fields', () => {
  it('are found in any case', () => {
    expect(decode(part('{"ETag":"1","CONTENT-TYPE":"text/plain"}', '"x"'))).toMatchObject({
      headers: { etag: '1', 'content-type': 'text/plain' },
      body: bytesOf('x'),
    });
  });
});
