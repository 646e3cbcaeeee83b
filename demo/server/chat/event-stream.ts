/** One event of a stream: `data` goes as JSON. */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

const encoder = new TextEncoder();

/**
 * The answer whose body are these events as they come (Server-Sent Events). When the reader goes away,
 * `onGone` hears of it, and the iterator is returned.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function toEventStream(events: AsyncGenerator<StreamEvent>, onGone: () => void): Response {
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { value, done } = await events.next();
        if (done) return controller.close();
        const text = `event: ${value.event}\ndata: ${JSON.stringify(value.data)}\n\n`;
        return controller.enqueue(encoder.encode(text));
      },
      cancel: async () => {
        onGone();
        await events.return(undefined);
      },
    },
    // Nothing is made before it is read.
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
