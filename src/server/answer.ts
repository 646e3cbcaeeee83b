import type { Bytes } from '../core/types.ts';
import { toBase64Url } from '../wire/base64.ts';
import { encodeAnswer } from '../wire/encode-part.ts';
import { bodyKind } from '../wire/media.ts';
import { canInflate, readAll } from './bytes.ts';
import { partFields } from './fields.ts';
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

const noCookies: readonly string[] = [];
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
    cookies: noCookies,
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
  const isSaid = response.headers.get('content-encoding') === 'gzip' && response.url === '';
  const isGzip = isSaid && bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip || !canInflate) return bytes;
  return readAll(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')), {
    signal,
  });
}

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true });

/** JSON as its endpoint wrote it, on one line and without a byte order mark. */
function jsonText(bytes: Bytes): string {
  const text = utf8.decode(bytes);
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

/**
 * Reads an endpoint's response into its part of the answer.
 *
 * @param signal cancels the body when it aborts.
 * @throws BadAnswer if the response says JSON and isn't, or has a status that no part can have;
 * whatever reading the body throws.
 */
export async function toAnswer(
  response: Response,
  isHead: boolean,
  signal: AbortSignal,
): Promise<Answer> {
  const { status, headers } = response;
  if (!(status >= 200 && status <= 599)) {
    throw new BadAnswer(`the endpoint answered with status ${String(status)}, not 200 to 599`);
  }
  const fields = partFields(headers, isHead);
  const cookies = headers.has('set-cookie') ? headers.getSetCookie() : noCookies;
  const isCacheHit = isHit(headers.get('cache-status'));
  if (isHead || nullBodyStatuses.has(status)) {
    response.body?.cancel().catch(() => {});
    return { status, text: encodeAnswer(status, fields, ''), cookies, isCacheHit };
  }
  const { body } = response;
  const received = body ? await readAll(body, { signal }) : new Uint8Array();
  const bytes = headers.has('content-encoding')
    ? await decoded(received, response, signal)
    : received;
  if (bytes.byteLength === 0)
    return { status, text: encodeAnswer(status, fields, ''), cookies, isCacheHit };
  const kind = bodyKind(fields['content-type']);
  let text: string;
  if (kind === 'json') {
    try {
      text = jsonText(bytes);
    } catch (cause) {
      throw new BadAnswer(`the endpoint's body is not the JSON that its Content-Type says`, {
        cause,
      });
    }
  } else {
    text = kind === 'text' ? textAsJson(bytes, fields) : `"${toBase64Url(bytes)}"`;
  }
  return { status, text: encodeAnswer(status, fields, text), cookies, isCacheHit };
}
