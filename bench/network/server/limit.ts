import { buffer } from 'node:stream/consumers';
import { constants, createGzip, gunzipSync } from 'node:zlib';
import { idIn } from '../widgets.ts';
import { findWidget } from './cost.ts';
import type { Route } from './route.ts';

interface LimitRequest {
  readonly requests: readonly { readonly id: string; readonly url: string }[];
}

/**
 * The least that a streamed batch can be: a line for each item as soon as it is ready, each flushed by
 * itself; nothing is checked, limited or handled.
 */
export const limitRoute: Route = {
  takes: (path) => path === '/limit',
  compressesItself: true,
  async handle(request, response) {
    const { requests } = JSON.parse((await buffer(request)).toString()) as LimitRequest;
    const gzip = createGzip({ level: 5, flush: constants.Z_SYNC_FLUSH });
    response.writeHead(200, {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
    });
    gzip.pipe(response);
    await Promise.all(
      requests.map(async ({ id, url }) => {
        const body = await findWidget(idIn(url) ?? 0);
        gzip.write(`${JSON.stringify({ id, body })}\n`);
      }),
    );
    gzip.end();
  },
};

/** The same with a compressed request, and with lines flushed together that are ready together. */
export const tunedRoute: Route = {
  takes: (path) => path === '/limit/tuned',
  compressesItself: true,
  async handle(request, response) {
    const text = gunzipSync(await buffer(request)).toString();
    const { requests } = JSON.parse(text) as LimitRequest;
    const gzip = createGzip({ level: 5 });
    response.writeHead(200, {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
    });
    gzip.pipe(response);
    let isFlushing = false;
    await Promise.all(
      requests.map(async ({ id, url }) => {
        const body = await findWidget(idIn(url) ?? 0);
        gzip.write(`${JSON.stringify({ id, body })}\n`);
        if (isFlushing) return;
        isFlushing = true;
        setImmediate(() => {
          isFlushing = false;
          gzip.flush(constants.Z_SYNC_FLUSH);
        });
      }),
    );
    gzip.end();
  },
};
