import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What has crossed the wire since the last reset, as the sockets saw it: heads, chunking and all. */
export interface WireCounts {
  readonly since: string;
  /** Requests for widgets, in batches or not. */
  readonly requests: number;
  /** How many of them were batches. */
  readonly batches: number;
  readonly open: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export interface WireCounter {
  attach(server: Server): void;
  read(): WireCounts;
  reset(): void;
}

const isCounted = (url = '') => url.startsWith('/api/widgets/') || url === '/batch';

export function createWireCounter(): WireCounter {
  // What of a kept-alive socket's input belongs to requests that are counted already, or not wanted.
  const readBefore = new WeakMap<Socket, number>();
  let since = new Date();
  let requests = 0;
  let batches = 0;
  let open = 0;
  let bytesUp = 0;
  let bytesDown = 0;

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const { socket, url } = request;
    const writtenBefore = socket.bytesWritten;
    const counted = isCounted(url);
    if (counted) {
      open++;
      requests++;
      if (url === '/batch') batches++;
    }

    response.once('close', () => {
      const upTo = socket.bytesRead;
      if (counted) {
        open--;
        bytesUp += upTo - (readBefore.get(socket) ?? 0);
        bytesDown += socket.bytesWritten - writtenBefore;
      }
      readBefore.set(socket, upTo);
    });
  }

  return {
    attach: (server) => void server.on('request', onRequest),
    read: () => ({ since: since.toISOString(), requests, batches, open, bytesUp, bytesDown }),
    reset() {
      since = new Date();
      requests = batches = bytesUp = bytesDown = 0;
    },
  };
}
