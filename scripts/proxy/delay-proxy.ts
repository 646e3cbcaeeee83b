import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createDelayLine, realTiming } from './delay-line.ts';
import { createLink, type Link } from './link.ts';

export interface ProxyOptions {
  /** What a round trip costs, in ms; 0 only counts. */
  readonly rttMs: number;
  /** What all connections together get through, in each direction. @default no limit */
  readonly bitsPerSecond?: number;
  /**
   * Whether opening a connection costs a round trip, as TCP's handshake does. The client's first bytes
   * are held back for it, since the system answers the handshake itself. @default false
   */
  readonly slowOpening?: boolean;
}

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
  /** Cuts what is open, so that the next request needs a new connection. */
  cut(): Promise<void>;
  /** Cuts what is open and frees the port. */
  close(): Promise<void>;
}

/** What may be on its way in one direction before its sender is asked to wait. */
const maxBytesOnTheWay = 1_048_576;

/** On a line with a rate, connections take turns by segments, as they do by packets on a real one. */
const segmentBytes = 1460;

/** `null` ends the stream. */
type Chunk = Buffer | null;

interface Direction {
  readonly link: Link;
  readonly delayMs: number;
  /** Before that, nothing leaves. */
  readonly notBefore: number;
  readonly maxChunkBytes: number;
  readonly onBytes: (count: number) => void;
}

/** Carries one direction of a connection, late by `delayMs`. Returns what drops the rest. */
function carry(
  from: Socket,
  to: Socket,
  { link, delayMs, notBefore, maxChunkBytes, onBytes }: Direction,
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
    for (let start = 0; start < chunk.length; start += maxChunkBytes) {
      const part = chunk.subarray(start, start + maxChunkBytes);
      line.push(part, Math.max(notBefore, link.sent(part.length)));
    }
  });
  from.on('end', () => line.push(null, Math.max(notBefore, link.sent(0))));
  to.on('drain', () => line.resume());

  return () => line.clear();
}

/**
 * A TCP proxy on loopback that makes distance felt: whatever is sent arrives half a round trip
 * later, in order. It knows nothing of HTTP.
 */
export async function startDelayProxy(
  target: { readonly host: string; readonly port: number },
  { rttMs, bitsPerSecond, slowOpening = false }: ProxyOptions,
): Promise<DelayProxy> {
  const { now } = realTiming;
  const [up, down] = [
    createLink(bitsPerSecond ?? null, now),
    createLink(bitsPerSecond ?? null, now),
  ];
  const common = {
    delayMs: rttMs / 2,
    maxChunkBytes: bitsPerSecond === undefined ? Infinity : segmentBytes,
  };
  const open = new Set<Socket>();
  let [connections, roundTrips, bytesUp, bytesDown] = [0, 0, 0, 0];

  // Half-open, so that an end in one direction is carried as such and not answered with a close.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    connections++;
    let lastSpeaker: 'client' | 'server' | undefined;
    const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true });

    const dropUp = carry(client, upstream, {
      ...common,
      link: up,
      notBefore: slowOpening ? now() + rttMs : 0,
      onBytes(count) {
        bytesUp += count;
        if (lastSpeaker !== 'client') roundTrips++;
        lastSpeaker = 'client';
      },
    });
    const dropDown = carry(upstream, client, {
      ...common,
      link: down,
      notBefore: 0,
      onBytes(count) {
        bytesDown += count;
        lastSpeaker = 'server';
      },
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

  const cut = async (): Promise<void> => {
    const cutting = [...open];
    await Promise.all(
      cutting.map(async (socket) => {
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.destroy();
        await closed;
      }),
    );
  };

  return {
    port: (server.address() as AddressInfo).port,
    read: () => ({ connections, roundTrips, bytesUp, bytesDown }),
    cut,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await cut();
      await closed;
    },
  };
}
