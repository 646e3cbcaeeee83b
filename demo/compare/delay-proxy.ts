import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createDelayLine } from './delay-line.ts';

export interface ProxyCounts {
  readonly connections: number;
  /**
   * How often the client spoke first, or again after the server had: on HTTP/1.1, its requests.
   * Counted on the stream, so nothing needs to be known of what is said.
   */
  readonly roundTrips: number;
  /** As they came in, heads included. */
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export interface DelayProxy {
  readonly port: number;
  read(): ProxyCounts;
  /** Cuts what is open and frees the port. */
  close(): Promise<void>;
}

/** What may be on its way in one direction before its sender is asked to wait. */
const maxBytesOnTheWay = 1_048_576;

/** `null` ends the stream. */
type Chunk = Buffer | null;

/** Carries one direction of a connection, late by `delayMs`. Returns what drops the rest. */
function carry(
  from: Socket,
  to: Socket,
  delayMs: number,
  onBytes: (count: number) => void,
): () => void {
  let onTheWay = 0;

  const line = createDelayLine<Chunk>(delayMs, (chunk) => {
    if (chunk === null) {
      to.end();
      return;
    }
    onTheWay -= chunk.length;
    if (from.isPaused() && onTheWay < maxBytesOnTheWay) from.resume();
    if (!to.write(chunk)) line.pause();
  });

  from.on('data', (chunk) => {
    onBytes(chunk.length);
    onTheWay += chunk.length;
    if (onTheWay >= maxBytesOnTheWay) from.pause();
    line.push(chunk);
  });
  from.on('end', () => line.push(null));
  to.on('drain', () => line.resume());

  return () => line.clear();
}

/**
 * A TCP proxy on loopback that makes distance felt: whatever is sent arrives half a round trip
 * later, in order. It knows nothing of HTTP. Opening a connection costs nothing extra.
 *
 * @param rttMs what a round trip costs, in ms; 0 only counts
 */
export async function startDelayProxy(
  target: { readonly host: string; readonly port: number },
  rttMs: number,
): Promise<DelayProxy> {
  const oneWayMs = rttMs / 2;
  const open = new Set<Socket>();
  let [connections, roundTrips, bytesUp, bytesDown] = [0, 0, 0, 0];

  // Half-open, so that an end in one direction is carried as such and not answered with a close.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    connections++;
    let lastSpeaker: 'client' | 'server' | undefined;
    const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true });

    const dropUp = carry(client, upstream, oneWayMs, (count) => {
      bytesUp += count;
      if (lastSpeaker !== 'client') roundTrips++;
      lastSpeaker = 'client';
    });
    const dropDown = carry(upstream, client, oneWayMs, (count) => {
      bytesDown += count;
      lastSpeaker = 'server';
    });

    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      // The event is followed by 'close'; without a listener it would end the process.
      socket.on('error', () => {});
      socket.on('close', (hadError) => {
        open.delete(socket);
        if (!hadError || other.destroyed) return;
        dropUp();
        dropDown();
        other.resetAndDestroy();
      });
    }
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    read: () => ({ connections, roundTrips, bytesUp, bytesDown }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
