import type { Bytes } from '../core/types.ts';
import { toBase64Url } from '../wire/base64.ts';
import { encodeAnswer } from '../wire/encode-part.ts';
import { bodyKind } from '../wire/media.ts';
import { cancelBody, canInflate, readAll } from './bytes.ts';
import { readFields } from './fields.ts';
import { keptBy } from './light-response.ts';
import { problemType, type Problem } from './problem.ts';
import type { WireRequest } from './schemas.ts';

/** What became of an item, as its part of the answer. */
export interface Answer {
  readonly status: number;
  /** The part without its `id`, as `encodeAnswer` writes it. */
  readonly text: string;
  /** `Set-Cookie` values, which a part can't carry. */
  readonly cookies: readonly string[];
  /** A cache behind the endpoint had it. */
  readonly isCacheHit: boolean;
}

const nullBodyStatuses: ReadonlySet<number> = new Set([204, 205, 304]);
const problemHeaders = { 'content-type': problemType };

/** A refused or failed item's answer, which echoes what was asked and the batch's own correlation id. */
export function toProblemAnswer(
  problem: Problem,
  { method, url }: Pick<WireRequest, 'method' | 'url'>,
  inherited: Headers,
): Answer {
  const { status } = problem;
  const correlationId = inherited.get('x-correlation-id') ?? undefined;
  // An id of the problem's own is what the log has it under.
  const members = { correlationId, ...problem.members, request: { method, url } };
  return {
    status,
    text: encodeAnswer(status, problemHeaders, problem.toText(members)),
    cookies: [],
    isCacheHit: false,
  };
}

const quotedString = /"(?:[^"\\]|\\.)*"/g;
const hitParameter = /;\s*hit(?:\s*=\s*\?1)?\s*(?:[;,]|$)/;

/**
 * Whether a cache answered, as `Cache-Status` tells.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9211#section-2.1
 */
function isHit(cacheStatus: string | null): boolean {
  return cacheStatus !== null && hitParameter.test(cacheStatus.replaceAll(quotedString, ''));
}

/**
 * Takes gzip off a body that came with it unasked, as files kept compressed do. The field alone
 * doesn't tell: what `fetch` gave (it alone gives responses a URL), or was made of that, is decoded
 * already and still names its coding.
 */
async function decoded(bytes: Bytes, response: Response, signal: AbortSignal): Promise<Bytes> {
  const isGzip = response.url === '' && bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip || !canInflate) return bytes;
  return readAll(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')), {
    signal,
  });
}

const encoder = /* @__PURE__ */ new TextEncoder();
const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true });

const byteOrderMark = /^\ufeff/;

/** JSON as its endpoint wrote it, on one line and without a byte order mark. */
function jsonText(body: Bytes | string): string {
  const text = typeof body === 'string' ? body.replace(byteOrderMark, '') : utf8.decode(body);
  JSON.parse(text);
  // In JSON, raw line ends can only stand between tokens, where nothing needs them.
  return text.includes('\n') || text.includes('\r') ? text.replaceAll(/[\r\n]+/g, '') : text;
}

const charsetParameter = /;\s*charset\s*=\s*"?([^\s;"]+)"?/i;

/** Text as a JSON string. It travels on as UTF-8, so its type must no longer name another charset. */
function textAsJson(bytes: Bytes, fields: Record<string, string>): string {
  const type = fields['content-type']!;
  const charset = charsetParameter.exec(type)?.[1] ?? 'utf-8';
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset, { ignoreBOM: true });
  } catch {
    decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  }
  if (decoder.encoding !== 'utf-8') {
    fields['content-type'] = type.replace(charsetParameter, ';charset=utf-8');
  }
  return JSON.stringify(decoder.decode(bytes));
}

/** An endpoint's answer that can't be passed on. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

/** A body as it stands in a part. */
function bodyText(body: Bytes | string, fields: Record<string, string>): string {
  const kind = bodyKind(fields['content-type']);
  if (kind === 'json') {
    try {
      return jsonText(body);
    } catch (cause) {
      throw new BadAnswer(`the endpoint's body is not the JSON that its Content-Type says`, {
        cause,
      });
    }
  }
  const bytes = typeof body === 'string' ? encoder.encode(body) : body;
  return kind === 'text' ? textAsJson(bytes, fields) : `"${toBase64Url(bytes)}"`;
}

/**
 * Reads an endpoint's response into its part of the answer; at once, where its body is known.
 *
 * @param signal cancels the body when it aborts.
 * @throws BadAnswer, or rejects with it, if the response says JSON and isn't, or has a status that no
 * part can have; whatever reading the body throws.
 */
export function toAnswer(
  response: Response,
  isHead: boolean,
  signal: AbortSignal,
): Answer | Promise<Answer> {
  const { status } = response;
  if (!(status >= 200 && status <= 599)) {
    throw new BadAnswer(`the endpoint answered with status ${String(status)}, not 200 to 599`);
  }
  const kept = keptBy(response);
  const given = kept?.fields ?? response.headers;
  const { fields, cookies, coding, cacheStatus } = readFields(given, isHead);
  const isCacheHit = isHit(cacheStatus);
  const answerWith = (body: Bytes | string | null): Answer => {
    const text = body === null || body.length === 0 ? '' : bodyText(body, fields);
    return { status, text: encodeAnswer(status, fields, text), cookies, isCacheHit };
  };
  if (isHead || nullBodyStatuses.has(status)) {
    if (!kept) cancelBody(response);
    return answerWith(null);
  }
  if (kept && coding === null) return answerWith(kept.body);
  const { body } = response;
  if (!body) return answerWith(null);
  const received = readAll(body, { signal });
  const isGzip = coding === 'gzip';
  return (isGzip ? received.then((bytes) => decoded(bytes, response, signal)) : received).then(
    answerWith,
  );
}
