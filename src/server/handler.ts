import type { Bytes } from '../core/types.ts';
import { takesGzip, wantsStream } from './accept.ts';
import { createBatch, type Batch, type Sink } from './batch.ts';
import { canInflate } from './bytes.ts';
import { readEnvelope, type Envelope } from './envelope.ts';
import { inheritedFields } from './fields.ts';
import { guard } from './guard.ts';
import { createGzipStream, findZlib, gzipWhole } from './gzip.ts';
import { createSite, type Site } from './item-url.ts';
import { toAsk } from './item.ts';
import { resolveOptions, type BatchHandlerOptions, type Settings } from './options.ts';
import type { Item } from './plan.ts';
import { Problem, toProblemResponse } from './problem.ts';
import { readBody } from './read-body.ts';
import { createRequests } from './requests.ts';
import { bufferBatch } from './respond-buffered.ts';
import { streamBatch } from './respond-streamed.ts';
import { toFailure } from './run-item.ts';

/** Below this, compression saves no packet. */
const worthCompressing = 1024;

/** Workers would compress what says it is gzip a second time; elsewhere the member is unknown. */
interface EncodedResponseInit extends ResponseInit {
  readonly encodeBody: 'manual';
}

const independent: readonly number[] = [];

function toItems(envelope: Envelope, site: Site, settings: Settings): Item[] {
  const indices = new Map<string, number[]>();
  return envelope.requests.map((request, index) => {
    const { id, dependsOn, atomicityGroup } = request;
    const item = {
      id,
      request,
      ask: judge(() => toAsk(request, index, envelope, site, settings)),
      dependsOn: dependsOn?.length
        ? [...new Set(dependsOn.flatMap((earlier) => indices.get(earlier) ?? []))]
        : independent,
    };
    indices.set(id, [index]);
    if (typeof atomicityGroup === 'string' && atomicityGroup !== id) {
      indices.set(atomicityGroup, [...(indices.get(atomicityGroup) ?? []), index]);
    }
    return item;
  });
}

function judge<T>(toValue: () => T): T | Problem {
  try {
    return toValue();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/**
 * Creates the handler of a batch endpoint, on web standards alone: it mounts wherever a `Request`
 * comes in and a `Response` goes out.
 *
 * It answers 200 however the items fared, each of them with a status of its own, streamed as NDJSON
 * or buffered as JSON by the request's `Accept`. A batch that it can't take is refused as a whole
 * with problem details (RFC 9457): 400, 403, 405, 413 or 415. The handler never rejects.
 *
 * @throws TypeError or RangeError, at once, naming the option that is wrong and the value received.
 */
export function createBatchHandler(
  options: BatchHandlerOptions,
): (request: Request) => Promise<Response> {
  const settings = resolveOptions(options);
  const { emit } = settings;
  const createRequest = createRequests(settings.lightRequests);
  const zlib = settings.compression ? findZlib() : null;

  const answerHeaders = (): Headers => {
    const headers = new Headers({
      'x-content-type-options': 'nosniff',
      vary: 'Accept, Accept-Encoding',
    });
    if (canInflate) headers.set('accept-encoding', 'gzip');
    return headers;
  };

  const answer = async (request: Request): Promise<Response> => {
    guard(request, settings);
    const envelope = readEnvelope(await readBody(request, settings.maxBytes), settings);
    const items = toItems(envelope, createSite(request.url, settings.serviceRoot), settings);
    const inherited = inheritedFields(request.headers);
    const ids = items.map(({ id }) => id);
    const run = (sink: Sink): Batch => createBatch(items, inherited, settings, createRequest, sink);
    const headers = answerHeaders();
    const gzips = zlib && takesGzip(request.headers.get('accept-encoding')) ? zlib : null;
    const toResponse = (body: ReadableStream<Bytes> | Bytes | string): Response => {
      const init: EncodedResponseInit = { headers, encodeBody: 'manual' };
      return new Response(body, headers.has('content-encoding') ? init : { headers });
    };

    if (wantsStream(request.headers.get('accept'))) {
      headers.set('content-type', 'application/x-ndjson');
      headers.set('cache-control', 'no-store, no-transform');
      headers.set('x-accel-buffering', 'no');
      if (gzips) headers.set('content-encoding', 'gzip');
      const body = await streamBatch(ids, run, request.signal, {
        heartbeatMs: settings.heartbeatMs,
        createGzip: gzips && (() => createGzipStream(gzips)),
        onCookiesDropped: (index, cookies) => {
          const { id, ask } = items[index]!;
          if (ask instanceof Problem) return;
          const names = cookies.map((cookie) => cookie.split('=', 1)[0]!.trim());
          emit({ type: 'cookies-dropped', id, method: ask.method, url: ask.url, names });
        },
      });
      const isWhole = body instanceof Uint8Array;
      return toResponse(gzips && isWhole ? await gzipWhole(gzips, body) : body);
    }

    headers.set('content-type', 'application/json');
    headers.set('cache-control', 'no-store');
    const { text, cookies } = await bufferBatch(ids, run, request.signal);
    for (const cookie of cookies) headers.append('set-cookie', cookie);
    if (!gzips || text.length < worthCompressing) return toResponse(text);
    headers.set('content-encoding', 'gzip');
    return toResponse(await gzipWhole(gzips, new TextEncoder().encode(text)));
  };

  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      const headers = answerHeaders();
      if (error instanceof Problem) {
        const { status, message: detail } = error;
        // 499: nobody is there any more to be refused.
        if (status !== 499) emit({ type: 'refused', status, detail });
        if (status === 405) headers.set('allow', 'POST');
        return toProblemResponse(error, headers);
      }
      const { method, url } = request;
      return toProblemResponse(toFailure(error, { id: undefined, method, url }, emit), headers);
    }
  };
}
