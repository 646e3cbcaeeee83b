import { itemMarker } from './guard.ts';

/** Fields that are about one connection, not about the message (RFC 9110, 7.6.1). */
const hopByHop: readonly string[] = [
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Fields of the envelope that describe the envelope itself, so items don't inherit them. */
const ofEnvelope: ReadonlySet<string> = new Set([
  ...hopByHop,
  'accept',
  'accept-charset',
  'accept-encoding',
  'cache-control',
  'expect',
  'idempotency-key',
  'pragma',
  'prefer',
  'priority',
  'range',
]);
const ofEnvelopePrefix = /^(?:content-|if-)/;

/** Fields of an item's response that don't describe its part of the answer. */
const ofResponse: ReadonlySet<string> = new Set([
  ...hopByHop,
  'content-encoding',
  'content-length',
  // Applied where they can be, at the head of the whole answer.
  'set-cookie',
]);

/** The further fields that `Connection` makes hop-by-hop. */
export function connectionOptions(connection: string | null): ReadonlySet<string> {
  return new Set(connection?.toLowerCase().split(/[\s,]+/));
}

/** The fields that every item starts from: the envelope's, and those that any request has. */
export function inheritedFields(envelope: Headers): Headers {
  const perHop = connectionOptions(envelope.get('connection'));
  const inherited = new Headers({ accept: '*/*', [itemMarker]: '1' });
  for (const [name, value] of envelope) {
    if (!ofEnvelope.has(name) && !ofEnvelopePrefix.test(name) && !perHop.has(name)) {
      inherited.set(name, value);
    }
  }
  return inherited;
}

/** What the fields of an item's response come to. */
export interface ResponseFields {
  /** Those that go into its part, by lower-case name. */
  readonly fields: Record<string, string>;
  readonly cookies: readonly string[];
  /** `Content-Encoding`, or null. */
  readonly coding: string | null;
  /** `Cache-Status`, or null. */
  readonly cacheStatus: string | null;
}

/**
 * Reads the fields of an item's response. A `HEAD` keeps its `Content-Length`, which tells about a
 * body that isn't there.
 */
export function readFields(
  headers: Iterable<readonly [name: string, value: string]>,
  isHead: boolean,
): ResponseFields {
  const fields: Record<string, string> = {};
  const cookies: string[] = [];
  let coding: string | null = null;
  let cacheStatus: string | null = null;
  let connection: string | null = null;
  for (const [name, value] of headers) {
    if (name === 'set-cookie') cookies.push(value);
    else if (name === 'content-encoding') coding = value;
    else if (name === 'connection') connection = value;
    else if (!ofResponse.has(name) || (isHead && name === 'content-length')) fields[name] = value;
    if (name === 'cache-status') cacheStatus = value;
  }
  if (connection !== null) for (const name of connectionOptions(connection)) delete fields[name];
  return { fields, cookies, coding, cacheStatus };
}
