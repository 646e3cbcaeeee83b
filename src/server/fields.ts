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

/**
 * The fields of an item's response that go into its part, by lower-case name. A `HEAD` keeps its
 * `Content-Length`, which tells about a body that isn't there.
 */
export function partFields(headers: Headers, isHead: boolean): Record<string, string> {
  const connection = headers.get('connection');
  const perHop = connection === null ? null : connectionOptions(connection);
  const fields: Record<string, string> = {};
  for (const [name, value] of headers) {
    const isDropped = ofResponse.has(name) && !(isHead && name === 'content-length');
    if (!isDropped && !perHop?.has(name)) fields[name] = value;
  }
  return fields;
}
