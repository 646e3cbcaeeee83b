/**
 * Finds where values begin and end in JSON text without parsing them, so that a body passes through
 * as the very bytes its sender wrote: a number beyond 2^53 would not survive `JSON.parse`.
 *
 * It finds extents and does not judge what is inside a nested value; what is handed to `JSON.parse`
 * afterwards is judged there. Bytes that have no such extents throw a `SyntaxError`.
 */

/** A half-open range of bytes. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

// The platform's decoder takes longer to begin than a few characters take.
const shortBytes = 16;

function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  if (end - start <= shortBytes) {
    let i = start;
    for (; i < end && bytes[i]! < 0x80; i++) text += String.fromCharCode(bytes[i]!);
    if (i === end) return text;
  }
  return decoder.decode(bytes.subarray(start, end));
}

function unexpected(bytes: Uint8Array, at: number): SyntaxError {
  const what = at < bytes.length ? `byte 0x${bytes[at]!.toString(16)}` : 'end of input';
  return new SyntaxError(`unexpected ${what} at ${String(at)} in JSON`);
}

function skipSpace(bytes: Uint8Array, at: number): number {
  let i = at;
  for (let c = bytes[i]; c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09; c = bytes[++i]);
  return i;
}

function expect(bytes: Uint8Array, at: number, byte: number): number {
  const i = skipSpace(bytes, at);
  if (bytes[i] !== byte) throw unexpected(bytes, i);
  return i + 1;
}

/** From the opening quote to behind the closing one. */
function skipString(bytes: Uint8Array, at: number): number {
  let i = at + 1;
  for (let c = bytes[i]; c !== quote; c = bytes[i]) {
    if (c === undefined) throw unexpected(bytes, i);
    i += c === backslash ? 2 : 1;
  }
  return i + 1;
}

function skipValue(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === quote) return skipString(bytes, at);
  let i = at;
  if (first !== openBrace && first !== openBracket) {
    // A number or a literal: short, so `JSON.parse` may judge it.
    for (let c = bytes[i]; c !== undefined && c > 0x20; c = bytes[++i]) {
      if (c === comma || c === closeBrace || c === closeBracket) break;
    }
    JSON.parse(textOf(bytes, at, i));
    return i;
  }
  let depth = 0;
  do {
    const c = bytes[i];
    if (c === quote) {
      i = skipString(bytes, i);
      continue;
    }
    if (c === openBrace || c === openBracket) depth++;
    else if (c === closeBrace || c === closeBracket) depth--;
    else if (c === undefined) throw unexpected(bytes, i);
    i++;
  } while (depth > 0);
  return i;
}

/** The elements of the array that begins at `at`, in order. */
export function elementsOf(bytes: Uint8Array, at: number): Extent[] {
  const elements: Extent[] = [];
  let i = skipSpace(bytes, expect(bytes, at, openBracket));
  if (bytes[i] === closeBracket) return elements;
  for (;;) {
    const start = skipSpace(bytes, i);
    const end = skipValue(bytes, start);
    elements.push({ start, end });
    i = skipSpace(bytes, end);
    if (bytes[i] === closeBracket) return elements;
    i = expect(bytes, i, comma);
  }
}

/** Whether the JSON string from `start` to `end`, in quotes, is `name`, which is ASCII. */
function isName(bytes: Uint8Array, start: number, end: number, name: string): boolean {
  let isSame = end - start === name.length + 2;
  for (let i = start + 1; i < end - 1; i++) {
    if (bytes[i] === backslash) return JSON.parse(textOf(bytes, start, end)) === name;
    isSame &&= bytes[i] === name.charCodeAt(i - start - 1);
  }
  return isSame;
}

/**
 * The value of member `name` of the object that begins at `at`, or null without one. Of a repeated
 * member the last counts, as in `JSON.parse`.
 */
export function memberOf(bytes: Uint8Array, at: number, name: string): Extent | null {
  let found: Extent | null = null;
  let i = skipSpace(bytes, expect(bytes, at, openBrace));
  if (bytes[i] === closeBrace) return found;
  for (;;) {
    const key = skipSpace(bytes, i);
    if (bytes[key] !== quote) throw unexpected(bytes, key);
    i = skipString(bytes, key);
    const isIt = isName(bytes, key, i, name);
    const start = skipSpace(bytes, expect(bytes, i, colon));
    i = skipValue(bytes, start);
    if (isIt) found = { start, end: i };
    i = skipSpace(bytes, i);
    if (bytes[i] === closeBrace) return found;
    i = expect(bytes, i, comma);
  }
}

/** A value of the wire, parsed, but for an object's `body`, which stays as it was written. */
export interface Detached {
  /** The parsed value; its `body` is null whatever it was. */
  readonly value: unknown;
  /** The raw JSON text of `body`, or null without that member. */
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/**
 * Parses the value in `extent` of `bytes` and keeps the `body` of an object raw.
 *
 * @throws SyntaxError if the rest of the value is not JSON.
 */
export function detachBody(bytes: Uint8Array<ArrayBuffer>, { start, end }: Extent): Detached {
  const isObject = bytes[skipSpace(bytes, start)] === openBrace;
  const body = isObject ? memberOf(bytes, start, 'body') : null;
  if (body === null) return { value: JSON.parse(textOf(bytes, start, end)), body };
  const rest = `${textOf(bytes, start, body.start)}null${textOf(bytes, body.end, end)}`;
  return { value: JSON.parse(rest), body: bytes.subarray(body.start, body.end) };
}
