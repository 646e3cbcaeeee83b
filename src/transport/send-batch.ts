import { concat } from '../core/bytes.ts';
import { BatchError, type BatchErrorCode } from '../core/errors.ts';
import type { BatchEvent, Emit } from '../core/events.ts';
import type { CarpoolRequestInit } from '../core/options.ts';
import type {
  Batch,
  Bytes,
  Clock,
  HeaderList,
  Job,
  Part,
  Reply,
  SendBatch,
} from '../core/types.ts';
import { decodeBuffered, decodeLine, type Decoded, type DecodedPart } from '../wire/decode.ts';
import { encodeBatch } from '../wire/encode.ts';
import { createLineSplitter } from '../wire/split.ts';
import { isNullBody, statusText } from '../wire/status-text.ts';
import { createLookOut, deliveryOf } from './delivery.ts';
import { readChunks } from './read.ts';
import { toRequestBody } from './request-body.ts';

export interface TransportParts {
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  /** How long an answer may be silent. */
  readonly idleTimeoutMs: number | false;
  /** Whether an endpoint is to be asked for its answers in one piece. */
  readonly isBuffered: (endpoint: string) => boolean;
  /** The `fetch` under this client, looked up at each use. */
  readonly fetch: typeof globalThis.fetch;
  readonly emit: Emit;
}

type Draft = { -readonly [Name in keyof BatchEvent]: BatchEvent[Name] };

const pastBatching: CarpoolRequestInit = { carpool: { batch: false } };
const decoder = /* @__PURE__ */ new TextDecoder();
const empty: Bytes = /* @__PURE__ */ new Uint8Array();

// A page never sees these, whichever way they come.
const isVisible = ([name]: HeaderList[number]): boolean =>
  name !== 'set-cookie' && name !== 'set-cookie2';

function toReply({ status, headers, body }: DecodedPart, { call }: Job): Reply {
  const hasBody = call.method !== 'HEAD' && !isNullBody(status);
  return {
    status,
    statusText: statusText(status),
    headers: Object.entries(headers).filter(isVisible),
    body: hasBody ? (body ?? empty) : null,
    url: call.url,
    redirected: false,
  };
}

/** The line behind the last line feed; none where the stream was cut within it. */
function lastLine(rest: Bytes): Decoded[] {
  try {
    return [decodeLine(rest)];
  } catch {
    return [];
  }
}

/** Reads a body; tells of each chunk, or returns all of them as one. */
interface Reading {
  readonly each: (onChunk: (chunk: Bytes) => void) => Promise<void>;
  readonly all: () => Promise<Bytes>;
}

/** Reads the items of an answer as they arrive, `stats` last. */
async function readItems(
  response: Response,
  { each, all }: Reading,
  event: Draft,
  take: (item: Decoded) => void,
): Promise<void> {
  const type = response.headers.get('content-type') ?? 'no content type';
  const essence = type.split(';', 1)[0]!.trim().toLowerCase();
  if (essence === 'application/json') {
    event.delivery = 'buffered';
    decodeBuffered(await all()).forEach(take);
    return;
  }
  if (essence !== 'application/x-ndjson') {
    await response.body?.cancel();
    throw new SyntaxError(`expected application/x-ndjson or application/json, got ${type}`);
  }
  const splitter = createLineSplitter();
  await each((chunk) => {
    // An empty line is a heartbeat, with or without a carriage return.
    for (const line of splitter.push(chunk)) if (line.length > 1) take(decodeLine(line));
  });
  lastLine(splitter.rest()).forEach(take);
}

/** What to do about a batch that its endpoint refused, by status. */
function remedyFor(status: number): string {
  if (status === 404 || status === 405 || status === 501) {
    return 'mount a batch handler there, or set `endpoint`';
  }
  if (status === 413) return 'lower `maxItems` or `maxBytes`, or raise the limits of the server';
  return 'see the response of the endpoint for the reason';
}

/** Statuses that speak of the caller or of the moment, not of the envelope: true of every call in it. */
const answersAll = (status: number): boolean =>
  status === 401 || status === 403 || status === 429 || (status >= 500 && status !== 501);

/**
 * Creates the sender of batches: one POST each, whose answer is split while it streams.
 *
 * - A part is delivered when its line has arrived, whatever the others do.
 * - 401, 403, 429 and 5xx of the whole are the answer to each of its calls; other statuses fail them.
 * - 413 splits the batch in two, down to single calls.
 *
 * @throws BatchError (as a rejection) `network`, `status`, `protocol` or `missing-part`.
 */
export function createSendBatch({
  clock,
  idleTimeoutMs,
  isBuffered,
  fetch,
  emit,
}: TransportParts): SendBatch {
  const { now } = clock;
  const takesGzip = new Set<string>();

  async function post(
    batch: Batch,
    signal: AbortSignal,
    event: Draft,
    endLookOut: () => number,
    deliver: (part: Part) => void,
  ): Promise<void> {
    const { jobs, keepalive } = batch;
    const { endpoint, credentials } = jobs[0]!.call;
    const fail = (code: BatchErrorCode, what: string, cause?: unknown): BatchError =>
      new BatchError(
        code,
        `batch ${batch.id} of ${String(jobs.length)} calls to ${endpoint} ${what}`,
        {
          batchId: batch.id,
          status: event.status,
          cause,
        },
      );

    const encoded = encodeBatch(jobs, isBuffered(endpoint));
    const isCompressed = takesGzip.has(endpoint) && !keepalive;
    let response: Response;
    let status: number;
    try {
      // A page that leaves has no other task than this: nothing is compressed.
      const body = toRequestBody(encoded.body, isCompressed);
      const sent = body instanceof Promise ? await body : body;
      event.bytesUp += sent.bytes.length;
      response = await fetch(endpoint, {
        method: 'POST',
        body: sent.bytes,
        headers: { ...encoded.headers, ...sent.headers },
        credentials,
        keepalive,
        signal,
        // Should another client stand below: this is a batch already.
        ...pastBatching,
      });
      ({ status } = response);
    } catch (cause) {
      throw fail('network', 'could not be sent; is the network up and the endpoint there?', cause);
    }
    event.status = status;
    if (response.headers.get('accept-encoding')?.includes('gzip')) takesGzip.add(endpoint);
    if (status === 415 && isCompressed && takesGzip.delete(endpoint)) {
      // It was the coding that the server didn't take (RFC 9110, 15.5.16).
      await response.body?.cancel().catch(() => {});
      return post(batch, signal, event, endLookOut, deliver);
    }

    let chunkAt = 0;
    const each: Reading['each'] = (onChunk) =>
      readChunks(response, idleTimeoutMs, clock, (chunk) => {
        chunkAt = now();
        event.bytesDown += chunk.length;
        endLookOut();
        onChunk(chunk);
      });
    const all = async (): Promise<Bytes> => {
      const chunks: Bytes[] = [];
      await each((chunk) => chunks.push(chunk));
      return concat(chunks);
    };
    const lost = (cause: unknown): never => {
      if ((cause as Partial<Error> | null)?.name === 'TimeoutError' && !signal.aborted) {
        throw fail(
          'timeout',
          'fell silent before all parts had arrived; raise `idleTimeout`?',
          cause,
        );
      }
      throw fail('network', 'lost its connection before all parts had arrived', cause);
    };
    if (answersAll(status)) {
      const bytes = await all().catch(lost);
      const shared = { status, statusText: response.statusText, headers: [...response.headers] };
      for (const { id, call } of jobs) {
        const body = call.method === 'HEAD' ? null : bytes;
        deliver({ id, reply: { ...shared, body, url: call.url, redirected: false } });
      }
      return;
    }
    if (status === 413 && jobs.length > 1) {
      await response.body?.cancel().catch(() => {});
      const half = Math.ceil(jobs.length / 2);
      for (const some of [jobs.slice(0, half), jobs.slice(half)]) {
        const left = new Set(some);
        try {
          await post({ ...batch, jobs: some }, signal, event, endLookOut, (part) => {
            left.delete(jobs.find(({ id }) => id === part.id)!);
            deliver(part);
          });
        } catch (error) {
          // What failed one half, such as a call that is too large by itself, says nothing of the other.
          for (const { id } of left) deliver({ id, error });
        }
      }
      return;
    }
    if (!response.ok) {
      const text = decoder.decode(await all().catch(() => empty));
      const cause = new Error(text);
      throw fail('status', `was answered ${String(status)}; ${remedyFor(status)}`, cause);
    }

    let lastAt = 0;
    const open = new Map(jobs.map((job) => [String(job.id), job]));
    try {
      await readItems(response, { each, all }, event, (item) => {
        const job = item.kind === 'part' ? open.get(item.id) : undefined;
        if (item.kind === 'part' && job) {
          open.delete(item.id);
          lastAt = chunkAt;
          deliver({ id: job.id, reply: toReply(item, job) });
        } else if (item.kind === 'stats') {
          event.delivery ??= deliveryOf(item.stats, jobs.length, lastAt - endLookOut());
          // The rest is read too: a stream that is cancelled takes its connection along.
          const dropped: unknown = item.stats.droppedSetCookie;
          event.droppedSetCookie = jobs
            .filter(({ id }) => Array.isArray(dropped) && dropped.includes(String(id)))
            .map(({ call }) => call.url);
        } else {
          event.strays++;
        }
      });
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) lost(cause);
      throw fail('protocol', 'got an answer that is not a batch response', cause);
    }
    if (open.size > 0) {
      throw fail(
        'missing-part',
        `ended without an answer to ${String(open.size)} of them; try again`,
      );
    }
  }

  return async (batch, signal, deliver) => {
    const startedAt = now();
    const event: Draft = {
      id: batch.id,
      endpoint: batch.jobs[0]!.call.endpoint,
      items: batch.jobs.length,
      answered: 0,
      bytesUp: 0,
      bytesDown: 0,
      durationMs: 0,
      strays: 0,
      droppedSetCookie: [],
    };
    const endLookOut = createLookOut(clock);
    try {
      await post(batch, signal, event, endLookOut, (part) => {
        event.firstPartMs ??= now() - startedAt;
        if (part.reply) event.answered++;
        else event.error ??= part.error;
        deliver(part);
      });
    } catch (error) {
      event.error = signal.aborted ? signal.reason : error;
      throw error;
    } finally {
      endLookOut();
      event.durationMs = now() - startedAt;
      emit('batch', event);
    }
  };
}
