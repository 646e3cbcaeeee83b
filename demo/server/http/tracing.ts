import { randomBytes, randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { createLazyChild, type Log } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { AppContext, AppEnv } from './context.ts';

/** What others may say goes into logs and answers: nothing but what an id consists of. */
const idSyntax = /^[\w.:-]{1,100}$/;
const traceSyntax = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const nothing = /^0+$/;

/** Random hexadecimal digits out of a store: to ask for a few at a time costs more than all else here. */
function createRandomHex(): (length: number) => string {
  let store = '';
  let at = 0;
  return (length) => {
    if (at + length > store.length) {
      store = randomBytes(4096).toString('hex');
      at = 0;
    }
    at += length;
    return store.slice(at - length, at);
  };
}

// Shared by all servers of this process: nobody can tell from digits where they come from.
const randomHex = createRandomHex();

const readId = (field: string | null | undefined): string | undefined =>
  field && idSyntax.test(field) ? field : undefined;

/**
 * The `traceparent` for what a request causes: of the same trace, if it is part of one.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function nextTraceparent(field: string | null | undefined): string {
  const [, trace, parent, flags] = traceSyntax.exec(field ?? '') ?? [];
  const isValid = trace && parent && !nothing.test(trace) && !nothing.test(parent);
  const span = randomHex(16);
  return isValid ? `00-${trace}-${span}-${flags}` : `00-${randomHex(32)}-${span}-01`;
}

/** What the batch endpoint hands on with its items: a header field could come from anywhere. */
export const asItem: AppEnv['Bindings'] = { isItem: true };

/** Whether it came as an item of a batch. */
export const isItem = ({ env }: AppContext): boolean =>
  (env as AppEnv['Bindings'] | undefined)?.isItem === true;

/** The path of the route that answered, with its parameters by name: a URL would be a metric of its own. */
const routeOf = (c: AppContext): string =>
  c.req.matchedRoutes.findLast(({ path, method }) => method !== 'ALL' && !path.endsWith('*'))
    ?.path ?? 'none';

/** A batch's header fields: its ids and its trace go down to its items, which inherit them. */
export function toTracedHeaders(c: AppContext): Headers {
  const headers = new Headers(c.req.raw.headers);
  headers.set('x-request-id', c.get('requestId'));
  headers.set('x-correlation-id', c.get('correlationId'));
  headers.set('traceparent', c.get('traceparent'));
  return headers;
}

/** A batch's own request, traced. */
export function toTracedRequest(c: AppContext): Request {
  const headers = toTracedHeaders(c);
  // Member by member: what comes from Node's server only looks like a Request.
  const { url, method, body, signal } = c.req.raw;
  const init: RequestInit & { readonly duplex: 'half' } = {
    method,
    headers,
    body,
    signal,
    duplex: 'half',
  };
  return new Request(url, init);
}

/** Gives each request and each item its ids, logs it, and counts it. */
export function createTracing(log: Log, metrics: Metrics): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    const via = isItem(c) ? 'batch' : 'single';
    const given = readId(c.req.header('x-request-id'));
    // Items of a batch inherit its id: each gets one of its own that tells where it belongs.
    const requestId =
      given && via === 'batch' ? `${given}.${randomHex(6)}` : (given ?? randomUUID());
    const correlationId = readId(c.req.header('x-correlation-id')) ?? given ?? requestId;
    const traceparent = nextTraceparent(c.req.header('traceparent'));
    const own = createLazyChild(log, { requestId, correlationId, trace: traceparent.slice(3, 35) });
    c.set('requestId', requestId);
    c.set('correlationId', correlationId);
    c.set('traceparent', traceparent);
    c.set('log', own);

    await next();

    const seconds = (performance.now() - startedAt) / 1000;
    const { method } = c.req;
    const { status } = c.res;
    const route = routeOf(c);
    // On what there is: `c.header` would make another response for each.
    c.res.headers.set('x-request-id', requestId);
    c.res.headers.set('x-correlation-id', correlationId);
    metrics.requests.inc({ route, method, status, via });
    metrics.latency.observe({ route, method, via }, seconds);
    const user = (c.get('user') as { readonly id: string } | undefined)?.id;
    if (!log.isLevelEnabled('info')) return;
    own.info(
      { method, route, status, via, user, ms: Math.round(seconds * 10_000) / 10 },
      'answered',
    );
  };
}
