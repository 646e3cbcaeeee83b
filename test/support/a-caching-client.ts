import { onTestFinished } from 'vitest';
import type { CacheEvent, CarpoolOptions, CarpoolRequestInit } from '../../src/index.ts';
import { aClient, url, type ClientBench } from './a-client.ts';
import { line, statsLine, type Seen } from './fake-network.ts';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What the server answers. */
export type Script = (method: string, path: string, headers: Headers) => Answer;

export interface CachingClient extends ClientBench {
  readonly told: CacheEvent[];
  /** Methods and paths that have reached the server, in order, by whatever road. */
  readonly asked: () => string[];
  /** Gets a path's body. */
  readonly get: (path: string, init?: CarpoolRequestInit) => Promise<unknown>;
}

let clients = 0;

/** A resource's version goes up with each unsafe call to it. */
export function versioned(): Script {
  const versions = new Map<string, number>();
  return (method, path) => {
    const version = (versions.get(path) ?? 1) + (method === 'GET' || method === 'HEAD' ? 0 : 1);
    versions.set(path, version);
    return { body: `${path} ${String(version)}` };
  };
}

/** A client with a cache in memory, whose lone calls ride unless `batchSingle` says otherwise. */
export function aCachingClient(
  options: CarpoolOptions = {},
  script: Script = versioned(),
): CachingClient {
  const { cache = {}, ...rest } = options;
  const asked: string[] = [];
  const run = (method: string, path: string, headers: Headers): Answer => {
    asked.push(`${method} ${path}`);
    return script(method, path, headers);
  };
  const answer = ({ url: href, method, headers, items }: Seen): Response => {
    if (!items) {
      const { pathname, search } = new URL(href);
      const { status = 200, headers: fields = {}, body } = run(method, pathname + search, headers);
      const isNull = status === 304 || status === 204 || method === 'HEAD';
      return new Response(isNull ? null : JSON.stringify(body), { status, headers: fields });
    }
    const lines = items.map((item) => {
      const {
        status = 200,
        headers: fields,
        body,
      } = run(item.method, item.url, new Headers(item.headers));
      return line(item.id, status, body, fields);
    });
    return new Response(lines.join('') + statsLine, {
      headers: { 'content-type': 'application/x-ndjson' },
    });
  };
  const client = aClient(
    {
      batchSingle: true,
      ...rest,
      cache: cache && { name: `test ${String(clients++)}`, persist: false, ...cache },
    },
    answer,
  );
  onTestFinished(() => client.carpool.dispose());
  const told: CacheEvent[] = [];
  client.carpool.on('cache', (event) => told.push(event));
  return {
    ...client,
    told,
    asked: () => asked,
    get: async (path, init) => (await client.fetch(url(path), init)).json(),
  };
}
