import type { Bytes } from '../core/types.ts';

/** A byte stream, as a response's body is; an ordinary one where WebKit has none. */
function bodyStream(source: Omit<UnderlyingByteSource, 'type'>): ReadableStream<Bytes> {
  try {
    return new ReadableStream({ ...source, type: 'bytes' }, { highWaterMark: 0 });
  } catch {
    return new ReadableStream(source as unknown as UnderlyingDefaultSource, { highWaterMark: 0 });
  }
}

/** Ends a body; a reader that lent a buffer gets it back. */
function close(controller: ReadableByteStreamController): void {
  controller.close();
  controller.byobRequest?.respond(0);
}

/** Hands out `bytes` when they are asked for, unless `signal` has aborted by then. */
export function heldBack(bytes: Bytes, signal: AbortSignal): ReadableStream<Bytes> {
  return bodyStream({
    pull(controller) {
      if (signal.aborted) {
        controller.error(signal.reason);
        return;
      }
      // A copy, since a byte stream takes its chunks' buffers away and replies are shared.
      if (bytes.length > 0) controller.enqueue(bytes.slice());
      close(controller);
    },
  });
}

/** The next bytes, or undefined at the end. A byte stream takes no empty chunks. */
async function nextOf(reader: ReadableStreamDefaultReader<Bytes>): Promise<Bytes | undefined> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    if (value.length > 0) return value;
  }
}

/**
 * Passes a live body on as it is read; an abort of `signal` breaks off the read that is waiting. `onChunk`
 * hears what comes, and null at the end.
 */
export function passOn(
  body: ReadableStream<Bytes>,
  signal: AbortSignal | undefined,
  onChunk?: (chunk: Bytes | null) => void,
): ReadableStream<Bytes> {
  const reader = body.getReader();
  return bodyStream({
    // Listens during a read only, so that a body nobody reads leaves nothing on a long-lived signal.
    pull: (controller) =>
      new Promise<Bytes | undefined>((resolve, reject) => {
        const abort = (): void => {
          reject(signal?.reason);
          // The network's own error, if any, has nobody left to hear it.
          reader.cancel(signal?.reason).catch(() => {});
        };
        if (signal?.aborted) {
          abort();
          return;
        }
        signal?.addEventListener('abort', abort);
        void nextOf(reader)
          .then(resolve, reject)
          .finally(() => {
            signal?.removeEventListener('abort', abort);
          });
      }).then((bytes) => {
        onChunk?.(bytes ?? null);
        if (bytes) controller.enqueue(bytes);
        else close(controller);
      }),
    cancel: (reason) => reader.cancel(reason),
  });
}
