import { gunzipSync } from 'node:zlib';
import { createBatchHandler } from 'carpool/server';
import { z } from 'zod';
import { refuse } from '../http/problem.ts';
import type { AppContext } from '../http/context.ts';

/** The most bytes of a batch, as the batch handler has it. */
const maxBytes = 1_048_576;

/** What is kept of a batch until it runs. */
export const asyncInput = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  /** The envelope, as its client wrote it. */
  body: z.string(),
  /** The first item that must not run twice, by index. */
  unrepeatable: z.int().nullable(),
});

export type AsyncInput = z.infer<typeof asyncInput>;

/** What says who it is must not lie about; the rest is about the request's own connection, body or answer. */
const notKept =
  /^(?:authorization|proxy-authorization|cookie|origin|referer|host|prefer|accept|accept-.*|content-.*|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|sec-.*|if-.*)$/;

const envelope = z.object({
  requests: z.array(
    z.object({
      method: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()).nullish(),
    }),
  ),
});

type Item = z.infer<typeof envelope>['requests'][number];

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const loginPath = '/api/auth/login';

const hasField = ({ headers }: Item, name: string): boolean =>
  Object.keys(headers ?? {}).some((key) => key.toLowerCase() === name);

function isLogin({ url }: Item, base: string): boolean {
  if (!URL.canParse(url, base)) return false;
  const { pathname } = new URL(url, base);
  try {
    return decodeURIComponent(pathname).toLowerCase().startsWith(loginPath);
  } catch {
    return false;
  }
}

/** Reads no more than is needed to see that it is too much. */
async function readBody({ body }: Request): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (!body) return new Uint8Array();
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > maxBytes) break;
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Judges a batch without running any of it. */
export type Rehearse = (request: Request) => Promise<Response>;

/** Its dispatch does nothing. */
export const createRehearsal = (allowedOrigins: readonly string[]): Rehearse =>
  createBatchHandler({
    dispatch: () => new Response(null, { status: 204 }),
    allowedOrigins,
    onEvent: () => {},
  });

/** What a rehearsal tells of a batch that would be taken. */
const rehearsed = z.object({ stats: z.object({ total: z.int() }) });

/**
 * Reads a batch that is to be answered later, and refuses it now where it would be refused then.
 *
 * @returns what to keep, and how many items there are; or the refusal
 * @throws HTTPException 400 for what can't be kept: credentials of an item's own, or a login
 */
export async function readAsyncBatch(
  c: AppContext,
  rehearse: Rehearse,
): Promise<{ readonly input: AsyncInput; readonly total: number } | Response> {
  const { url, method } = c.req.raw;
  const bytes = await readBody(c.req.raw);
  const headers = new Headers(c.req.raw.headers);
  headers.set('accept', 'application/json');
  headers.delete('accept-encoding');
  const verdict = await rehearse(new Request(url, { method, headers, body: bytes }));
  if (!verdict.ok) return verdict;
  const { total } = rehearsed.parse(await verdict.json()).stats;

  const isGzip = /gzip/i.test(headers.get('content-encoding') ?? '');
  const body = (isGzip ? gunzipSync(bytes) : Buffer.from(bytes)).toString();
  const { requests } = envelope.parse(JSON.parse(body));
  for (const [index, item] of requests.entries()) {
    const pointer = `#/requests/${index}`;
    if (hasField(item, 'authorization')) {
      const detail = `${pointer}/headers has an Authorization of its own, which a batch that is answered later would keep: send it with the batch.`;
      refuse(400, 'Can’t be kept', detail, [{ pointer: `${pointer}/headers`, detail }]);
    }
    if (isLogin(item, url)) {
      const detail = `${pointer}/url logs in; a batch that is answered later would keep the password and the token: log in by itself.`;
      refuse(400, 'Can’t be kept', detail, [{ pointer: `${pointer}/url`, detail }]);
    }
  }
  const unrepeatable = requests.findIndex(
    (item) => !safe.has(item.method.toUpperCase()) && !hasField(item, 'idempotency-key'),
  );
  return {
    total,
    input: {
      url,
      headers: {
        ...Object.fromEntries([...headers].filter(([name]) => !notKept.test(name))),
        'x-request-id': c.get('requestId'),
        'x-correlation-id': c.get('correlationId'),
        traceparent: c.get('traceparent'),
      },
      body,
      unrepeatable: unrepeatable < 0 ? null : unrepeatable,
    },
  };
}
