import { hasEnded, type Job } from '../platform/jobs/job.ts';
import type { Jobs } from '../platform/jobs/jobs.ts';

const heartbeatMs = 15_000;

/** The id of a stream's last event: who comes back with it has heard all. */
export const lastEventId = 'end';

const encoder = new TextEncoder();

/**
 * One event.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
const toEvent = (name: string, data: string, id?: string): string =>
  `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}${data.replaceAll(/^/gm, 'data: ')}\n\n`;

/**
 * Tells how a job gets on, as server-sent events: `progress` whenever that has changed, then one named
 * for the state that it ended in, and the stream ends. Changes that come close together are told as one.
 *
 * @param toData what an event carries, on lines of JSON
 * @param signal ends the stream early: the client is gone, as after cancelling it, or the server is going
 */
export function streamJob(
  jobs: Pick<Jobs, 'find' | 'listen'>,
  id: string,
  toData: (job: Job) => string,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let isOver = false;
  let isLooking = false;
  /** Something has changed since the last look. */
  let isDue = true;
  let said = '';
  let cleanUp = (): void => {};

  const end = (): void => {
    isOver = true;
    cleanUp();
  };

  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      const close = (): void => {
        if (isOver) return;
        end();
        controller.close();
      };
      const send = (text: string): void => {
        controller.enqueue(encoder.encode(text));
      };
      const tell = (job: Job | null): void => {
        if (isOver) return;
        if (!job) send(toEvent('gone', JSON.stringify({ id }), lastEventId));
        else if (hasEnded(job)) send(toEvent(job.state, toData(job), lastEventId));
        else {
          const event = toEvent('progress', toData(job));
          if (event !== said) send(event);
          said = event;
          return;
        }
        close();
      };
      const look = async (): Promise<void> => {
        if (isLooking) return;
        isLooking = true;
        while (isDue && !isOver) {
          isDue = false;
          try {
            tell(await jobs.find(id));
          } catch {
            // Redis is away; when it is back, there is something to hear.
          }
        }
        isLooking = false;
      };
      const stop = jobs.listen((changed) => {
        if (changed !== id && changed !== '*') return;
        isDue = true;
        void look();
      });
      const beat = setInterval(() => {
        send(': still here\n\n');
      }, heartbeatMs);
      cleanUp = () => {
        stop();
        clearInterval(beat);
        signal.removeEventListener('abort', close);
      };
      if (signal.aborted) close();
      else signal.addEventListener('abort', close, { once: true });
      void look();
    },
    cancel: end,
  });
}

/** The answer to who wants to hear how a job gets on. */
export function eventsResponse(stream: ReadableStream<Uint8Array>): Response {
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
