import type { Bytes } from '../core/types.ts';
import { encodePart } from '../wire/encode-part.ts';
import type { Batch, Sink } from './batch.ts';
import type { GzipStream } from './gzip.ts';
import { afterTurn, turnOver } from './turn.ts';

export interface StreamOptions {
  readonly heartbeatMs: number | false;
  /** Creates what compresses the stream; null leaves it as it is. */
  readonly createGzip: (() => GzipStream) | null;
  /** Called for each answer whose cookies the stream can't carry, with its first item's index. */
  readonly onCookiesDropped: (index: number, cookies: readonly string[]) => void;
}

/** How much of finished lines may wait for the reader until no further item is started. */
const roomForLines = 65_536;

/** How much is compressed at a time: the reader has the first while the next are at work. */
const pieceOfLines = 32_768;

const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * Streams a batch's answers as NDJSON: a line per item in the order of completion, then the stats.
 *
 * Lines that are ready in the same turn go out as one chunk. It is pull-driven from end to end: what
 * the reader hasn't asked for waits as lines, and once those are many, items wait to be started.
 *
 * An answer that is complete within the turn needs no stream: it is given as a whole, uncompressed.
 *
 * @param ids the items' ids, by index.
 * @param run creates the batch that answers into the sink.
 * @param signal aborts when the client is gone.
 */
export async function streamBatch(
  ids: readonly string[],
  run: (sink: Sink) => Batch,
  signal: AbortSignal,
  { heartbeatMs, createGzip, onCookiesDropped }: StreamOptions,
): Promise<ReadableStream<Bytes> | Bytes> {
  let lines: string[] = [];
  let size = 0;
  let hasEnded = false;
  let isWakingUp = false;
  let wake: (() => void) | null = null;
  const dropped: string[] = [];

  const add = (line: string): void => {
    lines.push(line);
    size += line.length;
    if (isWakingUp || !wake) return;
    isWakingUp = true;
    afterTurn(() => {
      isWakingUp = false;
      if (lines.length > 0) wake?.();
    });
  };

  /** Resolves when there are lines, or when it is time for a sign of life. */
  const somethingToSend = (): Promise<void> =>
    new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      wake = () => {
        wake = null;
        clearTimeout(timer);
        resolve();
      };
      if (heartbeatMs !== false) timer = setTimeout(wake, heartbeatMs);
    });

  const batch = run({
    hasRoom: () => size < roomForLines,
    take: (indices, { text, cookies }) => {
      for (const index of indices) add(`${encodePart(ids[index]!, text)}\n`);
      if (cookies.length === 0) return;
      dropped.push(...indices.map((index) => ids[index]!));
      onCookiesDropped(indices[0]!, cookies);
    },
    end: (stats) => {
      hasEnded = true;
      const figures = dropped.length > 0 ? { ...stats, droppedSetCookie: dropped } : stats;
      add(`${JSON.stringify({ stats: figures })}\n`);
    },
  });

  let gzip: GzipStream | null = null;
  /** Of what the reader has begun to read. */
  let pieces: string[] = [];
  let controller: ReadableStreamDefaultController<Bytes> | null = null;
  let isStopped = false;
  const stop = (reason: unknown): void => {
    isStopped = true;
    signal.removeEventListener('abort', onAbort);
    batch.cancel(reason);
    gzip?.destroy();
    lines = [];
    pieces = [];
    wake?.();
  };
  const onAbort = (): void => {
    stop(signal.reason);
    // Without its last line it counts as cut. An error would be logged for every client that leaves.
    controller?.close();
  };

  /** Takes all lines, in pieces of that many characters and a line; an empty line if there is none. */
  const takeLines = (characters: number): string[] => {
    const taken: string[] = [];
    let piece = '';
    for (const line of lines) {
      piece += line;
      if (piece.length < characters) continue;
      taken.push(piece);
      piece = '';
    }
    if (piece !== '') taken.push(piece);
    lines = [];
    size = 0;
    return taken.length > 0 ? taken : ['\n'];
  };

  const compress = async (stream: GzipStream, chunk: Bytes, isLast: boolean): Promise<Bytes> => {
    try {
      return await (isLast ? stream.end(chunk) : stream.write(chunk));
    } catch (error) {
      // Nobody will read on.
      stop(error);
      throw error;
    }
  };

  if (signal.aborted) onAbort();
  else {
    signal.addEventListener('abort', onAbort, { once: true });
    batch.pump();
    await turnOver();
  }
  if (hasEnded && !isStopped) {
    signal.removeEventListener('abort', onAbort);
    return encoder.encode(takeLines(Infinity)[0]);
  }
  if (!isStopped && createGzip) gzip = createGzip();

  return new ReadableStream<Bytes>(
    {
      start: (itsController) => {
        controller = itsController;
        if (isStopped) controller.close();
      },
      pull: async (itsController) => {
        if (pieces.length === 0) {
          if (lines.length === 0) await somethingToSend();
          if (isStopped) return;
          pieces = takeLines(gzip ? pieceOfLines : Infinity);
        }
        const chunk = encoder.encode(pieces.shift());
        const isLast = hasEnded && lines.length + pieces.length === 0;
        const bytes = gzip ? await compress(gzip, chunk, isLast) : chunk;
        if (isStopped) return;
        itsController.enqueue(bytes);
        if (isLast) {
          signal.removeEventListener('abort', onAbort);
          itsController.close();
        } else batch.pump();
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
}
