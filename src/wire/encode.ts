import type { Call, HeaderList, Job, Priority } from '../core/types.ts';
import { fieldOf } from '../http/fields.ts';
import { toBase64Url } from './base64.ts';
import { bodyKind } from './media.ts';

const json = 'application/json';

/** RFC 9218 urgency. */
export const urgencies: Readonly<Record<Priority, number>> = {
  critical: 0,
  high: 1,
  normal: 3,
  low: 6,
};

/** The head and the body of one batch request. */
export interface EncodedBatch {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

// Custom fields, such as keys, tenants and CSRF tokens, which a gateway wants to see on the request
// itself; but none that would change what the request itself is.
const isHoistable = ([name]: HeaderList[number]): boolean =>
  name.startsWith('x-') && !/^x-(?:forwarded|http-method|method-override)/.test(name);

/** The fields that every one of the calls has, with the same value. */
function sharedHeaders(calls: readonly Call[]): Map<string, string> {
  const shared = new Map(calls[0]!.headers.filter(isHoistable));
  for (const { headers } of calls) {
    for (const [name, value] of shared) {
      if (fieldOf(headers, name) !== value) shared.delete(name);
    }
    if (shared.size === 0) break;
  }
  // A lane has one Authorization.
  const authorization = fieldOf(calls[0]!.headers, 'authorization');
  if (authorization !== undefined) shared.set('authorization', authorization);
  return shared;
}

function encodeBody({ headers, body }: Call): string {
  if (typeof body !== 'string') return `"${toBase64Url(body!)}"`;
  return bodyKind(fieldOf(headers, 'content-type')) === 'json' ? body : JSON.stringify(body);
}

// What `fetch` tells caches on the way, by cache mode (Fetch standard, HTTP-network-or-cache fetch).
const controls: Readonly<Partial<Record<RequestCache, HeaderList>>> = {
  'no-cache': [['cache-control', 'max-age=0']],
  reload: [
    ['cache-control', 'no-cache'],
    ['pragma', 'no-cache'],
  ],
  'no-store': [
    ['cache-control', 'no-cache'],
    ['pragma', 'no-cache'],
  ],
};

function encodeItem({ id, call }: Job, hoisted: ReadonlyMap<string, string>): string {
  const { url, method, priority, body, cache } = call;
  const control = cache && !fieldOf(call.headers, 'cache-control') && controls[cache.mode];
  const headers = control ? [...call.headers, ...control] : call.headers;
  let item = `{"id":"${String(id)}","method":"${method}","url":${JSON.stringify(pathOf(url))}`;
  if (headers.length > 0 || priority !== 'normal') {
    // Not by assignment: a field may be called `__proto__`.
    const own = Object.fromEntries(headers.filter(([name]) => !hoisted.has(name)));
    if (priority !== 'normal') own['priority'] ??= `u=${String(urgencies[priority])}`;
    const text = JSON.stringify(own);
    if (text !== '{}') item += `,"headers":${text}`;
  }
  return body === null ? `${item}}` : `${item},"body":${encodeBody(call)}}`;
}

/** Path and query of an absolute URL. */
const pathOf = (url: string): string => url.slice(url.indexOf('/', url.indexOf('//') + 2));

/**
 * Encodes jobs of one lane as the body of a batch request. `Authorization`, and `x-` fields that all
 * of them share, go into its head; every item inherits them.
 */
export function encodeBatch(jobs: readonly Job[], isBuffered = false): EncodedBatch {
  const calls = jobs.map(({ call }) => call);
  const hoisted = sharedHeaders(calls);
  const urgency = Math.min(...calls.map(({ priority }) => urgencies[priority]));
  return {
    headers: {
      ...Object.fromEntries(hoisted),
      'content-type': json,
      accept: isBuffered ? json : `application/x-ndjson, ${json};q=0.5`,
      ...(urgency !== urgencies.normal && { priority: `u=${String(urgency)}` }),
    },
    body: `{"requests":[${jobs.map((job) => encodeItem(job, hoisted)).join(',')}]}`,
  };
}

// The punctuation of an item, its id, its method and its priority.
const itemBytes = 96;
const ascii = /^[\0-\x7f]*$/;
const utf8Bytes = (text: string): number => (ascii.test(text) ? 1 : 3) * text.length;

/** An upper bound of the bytes that a call takes in the body of a batch. */
export function sizeOf(call: Call): number {
  const { url, headers, body } = call;
  // A backslash, which URLs leave alone in queries, takes two.
  let bytes = itemBytes + JSON.stringify(url).length;
  if (headers.length > 0) bytes += utf8Bytes(JSON.stringify(headers));
  if (typeof body === 'string') bytes += utf8Bytes(encodeBody(call));
  else if (body) bytes += Math.ceil(body.length / 3) * 4 + 2;
  return bytes;
}
