import * as fc from 'fast-check';
import { bytesOf } from './calls.ts';
import { jsonText } from './json-text.ts';

/** What an endpoint answered, as the client must get it. */
export interface EndpointAnswer {
  readonly id: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** The raw JSON that carries the body on the wire; null for none. */
  readonly raw: string | null;
}

/** A field value: what a `Headers` object takes and gives back unchanged. */
export const fieldValue: fc.Arbitrary<string> = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((n) => String.fromCharCode(n)) })
  .map((text) => text.replaceAll(/[\x7f-\x9f]/g, '~').trim());

const token = 'abcdefghijklmnopqrstuvwxyz0123456789-_.!';
export const fieldName: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom(...token.split('')), minLength: 1, maxLength: 12 }),
  fc.constantFrom('etag', 'cache-control', 'x-id', '__proto__', 'constructor'),
);

const fields = fc
  .array(fc.tuple(fieldName, fieldValue), { maxLength: 4 })
  .map((list) => Object.fromEntries(list.filter(([name]) => name !== 'content-type')));

const base64 = (bytes: Uint8Array, isUrl: boolean): string => {
  const text = Buffer.from(bytes);
  return isUrl ? text.toString('base64url') : text.toString('base64');
};

interface Content {
  readonly type: string | null;
  readonly body: Uint8Array | null;
  readonly raw: string | null;
}

/** Bodies of every kind, each with the ways it may be written. */
const content: fc.Arbitrary<Content> = fc.oneof(
  fc.constant({ type: null, body: null, raw: null }),
  fc
    .tuple(
      fc.constantFrom('application/json', 'text/json; charset=utf-8', 'application/problem+json'),
      jsonText({ oneLine: true }),
    )
    .map(([type, raw]) => ({ type, raw, body: bytesOf(raw) })),
  fc
    .tuple(
      fc.constantFrom('text/html', 'TEXT/PLAIN;charset=utf-8', 'application/x-www-form-urlencoded'),
      fc.string({ unit: 'binary' }),
    )
    .map(([type, text]) => ({ type, raw: JSON.stringify(text), body: bytesOf(text) })),
  fc
    .tuple(fc.constantFrom('image/png', 'application/pdf'), fc.uint8Array(), fc.boolean())
    .map(([type, body, isUrl]) => ({ type, body, raw: JSON.stringify(base64(body, isUrl)) })),
);

/** Answers of one batch, their ids all different. */
export const endpointAnswers = (
  constraints: { minLength?: number; maxLength?: number } = {},
): fc.Arbitrary<EndpointAnswer[]> =>
  fc.uniqueArray(
    fc
      .tuple(fc.nat(30), fc.integer({ min: 200, max: 599 }), fields, content)
      .map(([id, status, own, { type, body, raw }]) => ({
        id: String(id),
        status,
        headers: { ...own, ...(type !== null && { 'content-type': type }) } as Record<
          string,
          string
        >,
        body,
        raw,
      })),
    { maxLength: 6, selector: ({ id }) => id, ...constraints },
  );

/** How a foreign server may write a part. */
export interface Hand {
  readonly order: readonly string[];
  readonly gap: string;
  readonly upperCase: boolean;
}

export const hand: fc.Arbitrary<Hand> = fc.record({
  order: fc.shuffledSubarray(['id', 'status', 'headers', 'body', 'extra'], { minLength: 5 }),
  gap: fc.constantFrom('', ' ', '\t', ' \r '),
  upperCase: fc.boolean(),
});

/** Writes a part in another server's hand. */
export function writePart(part: EndpointAnswer, { order, gap, upperCase }: Hand): string {
  const own = Object.entries(part.headers).map(([name, value]) => [
    upperCase ? name.toUpperCase() : name,
    value,
  ]);
  const texts: Record<string, string | null> = {
    id: JSON.stringify(part.id),
    status: String(part.status),
    headers: JSON.stringify(Object.fromEntries(own)),
    body: part.raw,
    extra: '{"body":[1,{"id":"}"}]}',
  };
  const written = order
    .filter((name) => texts[name] !== null)
    .map((name) => `${gap}"${name}"${gap}:${gap}${texts[name]!}${gap}`);
  return `{${written.join(',')}}`;
}

/** Cuts `bytes` at the given places, wherever they fall. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}

/** Places to cut at. */
export const places: fc.Arbitrary<number[]> = fc.array(fc.nat(), { maxLength: 20 });
