import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { createTally, type Tally } from './tally.ts';

/** One call, as the server was asked for it: an item of a batch, or a request of its own. */
export interface Item {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export type Fields = Readonly<Record<string, string>>;

/** One request that has arrived whole, and the means to answer it, well or badly. */
export interface Exchange {
  readonly headers: IncomingHttpHeaders;
  readonly items: readonly Item[];
  /** Resolves when the answer has ended or the client has gone. */
  readonly closed: Promise<void>;
  readonly head: (status: number, fields: Fields) => void;
  readonly write: (text: string | Uint8Array) => void;
  readonly end: (text?: string | Uint8Array) => void;
  /** Sends what is no HTTP, and ends the connection. */
  readonly babble: (text: string) => void;
  /** Ends the connection with an RST. */
  readonly reset: () => void;
  /** Ends the connection with a FIN, in the middle of the answer. */
  readonly hangUp: () => void;
  /** Does what its items ask for; the text of each line, in their order. */
  readonly run: (answers?: Answers) => string[];
}

/** What to do with a request. */
export type Step = (exchange: Exchange) => void;

/** What items are answered with, by path; 200 for the others. */
export type Answers = Readonly<
  Record<string, number | { readonly status: number; readonly headers?: Fields }>
>;

/** What to do with the n-th batch, the n-th request for a call of its own, and all others. */
export interface Script {
  readonly batches?: readonly Step[];
  readonly natives?: readonly Step[];
  /** Batches beyond the list. @default good */
  readonly otherBatches?: Step;
  readonly otherNatives?: Step;
}

export interface FaultyServer {
  readonly origin: string;
  readonly endpoint: string;
  /** What has arrived, such as `batch: GET /a, POST /b` and `native: GET /a`. */
  readonly log: Tally<string>;
  readonly batches: Tally<Exchange>;
  readonly natives: Tally<Exchange>;
  /** How often each call has been carried out, such as `{ 'GET /a': 2 }`. */
  readonly runs: () => Readonly<Record<string, number>>;
  /** Resets the next connections as they come, before a request has been read. */
  readonly slam: (count: number) => void;
  /** Closes the port: connections are refused. */
  readonly refuse: () => Promise<void>;
  /** Opens it again. */
  readonly accept: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const json = { 'content-type': 'application/json' };
const ndjson = { 'content-type': 'application/x-ndjson' };

/** The last line of a streamed answer. */
export const statsLine = (items: number, figures: Readonly<Record<string, unknown>> = {}): string =>
  `${JSON.stringify({
    stats: {
      total: items,
      succeeded: items,
      failed: 0,
      deduplicated: 0,
      cacheHits: 0,
      durationMs: 1,
      averageMs: 1,
      processedAt: '2026-01-31T09:30:00.000Z',
      ...figures,
    },
  })}\n`;

const keyOf = ({ headers }: Item): string | undefined => headers['idempotency-key'];

async function itemsOf(request: IncomingMessage, isBatch: boolean): Promise<readonly Item[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = request;
  if (!isBatch) return [{ id: '', method, url, headers: headers as Item['headers'] }];
  const sent = Buffer.concat(chunks);
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  const { requests } = JSON.parse(bytes.toString()) as { requests: Item[] };
  return requests.map((item) => ({ ...item, headers: item.headers ?? {} }));
}

/**
 * A server on 127.0.0.1 that does with each request what its script says. Every request has a
 * connection of its own. An unsafe call with an `Idempotency-Key` is carried out once per key.
 */
export async function createFaultyServer({
  batches: batchSteps = [],
  natives: nativeSteps = [],
  otherBatches = good,
  otherNatives = good,
}: Script): Promise<FaultyServer> {
  const log = createTally<string>();
  const batches = createTally<Exchange>();
  const natives = createTally<Exchange>();
  const runs: Record<string, number> = {};
  const keys = new Set<string>();

  const run = (item: Item): void => {
    const key = keyOf(item);
    if (key !== undefined && item.method !== 'GET') {
      if (keys.has(key)) return;
      keys.add(key);
    }
    const name = `${item.method} ${item.url}`;
    runs[name] = (runs[name] ?? 0) + 1;
  };

  const toExchange = (
    { headers }: IncomingMessage,
    response: ServerResponse,
    items: readonly Item[],
  ): Exchange => ({
    headers,
    items,
    closed: new Promise((resolve) => {
      response.once('close', resolve);
    }),
    head: (status, fields) => {
      // By the clock that the client goes by, even where that has been stopped.
      response.writeHead(status, { date: new Date().toUTCString(), ...fields });
      response.flushHeaders();
    },
    write: (text) => {
      response.write(text);
    },
    end: (text) => {
      response.end(text);
    },
    babble: (text) => {
      response.socket?.end(text);
    },
    reset: () => {
      response.socket?.resetAndDestroy();
    },
    hangUp: () => {
      response.socket?.destroy();
    },
    run: (answers = {}) =>
      items.map((item) => {
        run(item);
        const given = answers[item.url] ?? 200;
        const { status, headers = {} } = typeof given === 'number' ? { status: given } : given;
        const body = { path: item.url };
        return `${JSON.stringify({ id: item.id, status, headers: { ...json, ...headers }, body })}\n`;
      }),
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isBatch = request.url === '/batch';
    const items = await itemsOf(request, isBatch);
    const exchange = toExchange(request, response, items);
    response.shouldKeepAlive = false;
    const [tally, steps, other] = isBatch
      ? [batches, batchSteps, otherBatches]
      : [natives, nativeSteps, otherNatives];
    const step = steps[tally.seen.length] ?? other;
    step(exchange);
    // Who waits for the request may count on what its step has done.
    tally.add(exchange);
    const names = items.map(({ method, url }) => `${method} ${url}`);
    log.add(`${isBatch ? 'batch' : 'native'}: ${names.join(', ')}`);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // Its client has gone before it was whole.
      response.destroy(error as Error);
    });
  });
  let slams = 0;
  server.on('connection', (socket) => {
    if (slams === 0) return;
    slams--;
    socket.resetAndDestroy();
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const origin = `http://127.0.0.1:${String(port)}`;
  return {
    origin,
    endpoint: `${origin}/batch`,
    log,
    batches,
    natives,
    runs: () => ({ ...runs }),
    slam: (count) => {
      slams = count;
    },
    refuse: close,
    accept: async () => {
      await listen(port);
    },
    close,
  };
}

const isBatch = ({ items }: Exchange): boolean => items[0]!.id !== '';

/** Answers a call of its own. */
function alone({ head, end, run }: Exchange, answers: Answers): void {
  const [line] = run(answers);
  const { status, headers, body } = JSON.parse(line!) as {
    status: number;
    headers: Fields;
    body: unknown;
  };
  head(status, headers);
  end(JSON.stringify(body));
}

/** Answers as a server should; items with the statuses given. */
export const answering =
  (answers: Answers): Step =>
  (exchange) => {
    if (!isBatch(exchange)) {
      alone(exchange, answers);
      return;
    }
    exchange.head(200, ndjson);
    exchange.end(exchange.run(answers).join('') + statsLine(exchange.items.length));
  };

/** Answers as a server should. */
export function good(exchange: Exchange): void {
  answering({})(exchange);
}

/** Answers as a server that can't stream. */
export const asJson: Step = ({ head, end, run, items }) => {
  head(200, json);
  end(`{"responses":[${run().join(',')}],${statsLine(items.length).trim().slice(1)}`);
};

/** Carries the calls out, and says nothing. */
export const hang: Step = ({ run }) => {
  run();
};

/** Carries the calls out, and resets the connection before it says anything. */
export const resetAtOnce: Step = ({ run, reset }) => {
  run();
  reset();
};

/** Carries the calls out, sends the head, the first `count` lines and `more`, and leaves it at that. */
export const linesOf =
  (count: number, more = ''): Step =>
  ({ head, run, write }) => {
    const lines = run().slice(0, count);
    head(200, ndjson);
    write(lines.join('') + more);
  };

/** …and ends the answer, without its statistics, as if that were all. */
export const onlyLinesOf =
  (count: number, more = ''): Step =>
  (exchange) => {
    linesOf(count, more)(exchange);
    exchange.end();
  };

/** Carries the calls out, and answers with something else altogether. */
export const ofType =
  (type: string, text: string): Step =>
  ({ head, end, run }) => {
    run();
    head(200, { 'content-type': type });
    end(text);
  };

// With these nothing has been done.
const refusals: ReadonlySet<number> = new Set([401, 403, 404, 405, 413, 415, 429, 501, 503]);

/** Answers the whole with a status; other than refusals, after it has carried out the calls. */
export const whole =
  (status: number, fields: Fields = {}): Step =>
  ({ head, end, run }) => {
    if (!refusals.has(status)) run();
    head(status, { 'content-type': 'application/problem+json', ...fields });
    end(JSON.stringify({ status }));
  };

/** Sends the head of an answer to the whole, and the beginning of its body. */
export const beginningOf =
  (status: number): Step =>
  ({ head, write, run }) => {
    if (!refusals.has(status)) run();
    head(status, { 'content-type': 'application/problem+json' });
    write('{');
  };

/** Refuses batches of more than `most` calls, and those with `path` whatever their size. */
export const tooLarge =
  (most: number, path?: string): Step =>
  (exchange) => {
    const { items } = exchange;
    if (items.length > most || items.some(({ url }) => url === path)) whole(413)(exchange);
    else good(exchange);
  };

/** Streams the answer byte by byte. */
export const trickle: Step = ({ head, write, end, run, items }) => {
  const bytes = Buffer.from(run().join('') + statsLine(items.length));
  head(200, ndjson);
  const next = (at: number): void => {
    if (at === bytes.length) {
      end();
      return;
    }
    write(bytes.subarray(at, at + 1));
    setImmediate(next, at + 1);
  };
  next(0);
};

/** As `linesOf`, compressed, and flushed as far as it goes. */
export const zippedLinesOf =
  (count: number, more = ''): Step =>
  ({ head, run, write }) => {
    const text = run().slice(0, count).join('') + more;
    head(200, { ...ndjson, 'content-encoding': 'gzip' });
    write(gzipSync(text, { finishFlush: constants.Z_SYNC_FLUSH }));
  };
