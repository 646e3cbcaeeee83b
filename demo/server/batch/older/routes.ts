import { createBatchHandler } from 'carpool/server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import type { AppContext, AppEnv } from '../../http/context.ts';
import { problem } from '../../http/problem.ts';
import { readOff } from '../../http/read-off.ts';
import { toTracedHeaders } from '../../http/tracing.ts';
import type { Services } from '../../services.ts';
import type { Dispatch } from '../retry.ts';
import { toHandlerOptions } from '../setup.ts';
import { toOlder, type WireAnswer } from './answer.ts';
import type { OlderEnvelope } from './envelope.ts';
import { readEnvelope } from './read-envelope.ts';
import { toWire } from './to-wire.ts';

/** As for `POST /batch`. */
const maxBytes = 1_048_576;

/** The batch as it would come to `POST /batch`, for one answer that is written at its end. */
function toRequest(c: AppContext, envelope: OlderEnvelope): Request {
  const headers = toTracedHeaders(c);
  for (const name of ['accept', 'accept-encoding', 'content-encoding', 'content-length']) {
    headers.delete(name);
  }
  headers.set('content-type', 'application/json');
  const { url, signal } = c.req.raw;
  return new Request(url, { method: 'POST', headers, body: toWire(envelope), signal });
}

/** `POST /api/batch`: what front ends sent before there was `POST /batch`, and what they were answered. */
export function createOlderShape(services: Services, dispatch: Dispatch): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.use('/api/batch', compress());
  routes.post(
    '/api/batch',
    bodyLimit({
      maxSize: maxBytes,
      onError: async (context) => {
        await readOff(context.req.raw);
        return problem(413, 'Too large', `A batch has at most ${maxBytes} bytes. Split it in two.`);
      },
    }),
    async (c) => {
      const envelope = await readEnvelope(c.req);
      if (envelope instanceof Response) return envelope;
      const { requests, parallel, max_concurrency, deduplicate, retry, timeout } = envelope;
      const options = toHandlerOptions(services, dispatch, 'older', {
        concurrency: parallel === false ? 1 : max_concurrency,
        dedupe: deduplicate,
        retry,
        itemTimeout: timeout && timeout * 1000,
      });
      const answer = await createBatchHandler({ ...options, compression: false })(
        toRequest(c, envelope),
      );
      if (answer.status !== 200) return answer;
      const older = toOlder((await answer.json()) as WireAnswer, requests, c.get('correlationId'));
      for (const cookie of answer.headers.getSetCookie()) {
        c.header('set-cookie', cookie, { append: true });
      }
      return c.json(older, 200, { 'cache-control': 'no-store' });
    },
  );
  routes.all('/api/batch', (c) => {
    const detail = `Batches are sent with POST, not ${c.req.method}.`;
    const response = problem(405, 'Method not allowed', detail);
    response.headers.set('allow', 'POST');
    return response;
  });
  return routes;
}
