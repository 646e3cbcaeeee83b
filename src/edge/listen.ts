import type { Invalidation } from '../core/filter.ts';
import type { Clock } from '../core/types.ts';

export interface ListenParts {
  readonly clock: Pick<Clock, 'setTimer'>;
  /** 0 to less than 1. */
  readonly random: () => number;
  readonly invalidate: (what: Invalidation) => Promise<void>;
  /** A connection was lost, or what came is no invalidation; it is heard on all the same. */
  readonly onFailure: (error: unknown) => void;
}

/** What hears servers announce what is no longer valid. */
export interface Listening {
  /**
   * Connects, and goes on doing so; the result stops that.
   *
   * @param url of server-sent events or, with `ws:` or `wss:`, a WebSocket.
   */
  readonly listen: (url: URL) => () => void;
  /** Closes all connections until `wake`: open ones would keep the page out of the back/forward cache. */
  readonly sleep: () => void;
  readonly wake: () => void;
}

const firstDelayMs = 1000;
const longestDelayMs = 30_000;

/** Hears one server; the result stops that. With `hasMissed`, everything is invalidated once it is there. */
function hear(
  url: URL,
  { clock, random, invalidate, onFailure }: ListenParts,
  hasMissed = false,
): () => void {
  let failures = 0;
  let close = (): void => {};

  const take = (text: unknown): void => {
    // In a promise: it may be no JSON, or no invalidation.
    new Promise<void>((resolve) => {
      resolve(invalidate(JSON.parse(String(text)) as Invalidation));
    }).catch(onFailure);
  };
  const opened = (): void => {
    failures = 0;
    if (hasMissed) invalidate({ all: true }).catch(onFailure);
    hasMissed = false;
  };
  const again = (): void => {
    hasMissed = true;
    onFailure(new Error(`the connection to ${url.href} was lost`));
    const delayMs = Math.min(firstDelayMs * 2 ** failures++, longestDelayMs);
    close = clock.setTimer(connect, delayMs * (0.5 + random() / 2));
  };

  const connectSocket = (): void => {
    const socket = new WebSocket(url);
    socket.onopen = opened;
    socket.onmessage = ({ data }) => {
      take(data);
    };
    socket.onclose = again;
    close = () => {
      socket.onclose = null;
      socket.close();
    };
  };
  const connectEvents = (): void => {
    const source = new EventSource(url, { withCredentials: true });
    let hasIds = false;
    source.onopen = opened;
    source.onmessage = ({ data, lastEventId }) => {
      hasIds = lastEventId !== '';
      take(data);
    };
    source.onerror = () => {
      // It tries again by itself, and tells the last id, unless it was refused.
      if (source.readyState === EventSource.CLOSED) again();
      else hasMissed ||= !hasIds;
    };
    close = () => {
      source.close();
    };
  };
  const connect = (): void => {
    const isSocket = url.protocol.startsWith('ws');
    const needed = isSocket ? 'WebSocket' : 'EventSource';
    // A server has none, and no cache that lasts.
    if (!(needed in globalThis)) onFailure(new TypeError(`this platform has no ${needed}`));
    else if (isSocket) connectSocket();
    else connectEvents();
  };

  connect();
  return () => {
    close();
  };
}

/**
 * Creates what hears servers announce what is no longer valid. Each message is an `Invalidation` as JSON, such as
 * `{"tags":["quotes"]}`.
 *
 * A connection that is lost is made again, after 1 to 30 s. What was announced meanwhile is lost with it, so then
 * everything is invalidated; not so where the browser has told the server the id of the last event, since a
 * server that gives ids announces again what was missed, or else `{"all":true}`.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createListening(parts: ListenParts): Listening {
  /** Each with what stops it. */
  const heard = new Map<symbol, { readonly url: URL; stop: () => void }>();
  return {
    listen: (url) => {
      const id = Symbol();
      heard.set(id, { url, stop: hear(url, parts) });
      return () => {
        heard.get(id)?.stop();
        heard.delete(id);
      };
    },
    sleep: () => {
      for (const { stop } of heard.values()) stop();
    },
    wake: () => {
      // The disk has what memory has lost meanwhile, and may be wrong.
      for (const one of heard.values()) one.stop = hear(one.url, parts, true);
    },
  };
}
