import { waitAt } from './gates.ts';

/** What `/t/reply` is told to answer. */
export interface ReplySpec {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** The body: text in UTF-8, or bytes; without either there is none. */
  readonly text?: string;
  readonly bytes?: readonly number[];
  /** How often the body is repeated. */
  readonly times?: number;
}

const encoder = new TextEncoder();

function reply({ status = 200, statusText = '', headers = [], text, bytes, times = 1 }: ReplySpec) {
  // No store: the browser must ask the server each time.
  const fields = new Headers({ 'cache-control': 'no-store' });
  for (const [name, value] of headers) fields.append(name, value);
  const once = text === undefined ? bytes : encoder.encode(text);
  const body = once ? new Blob(Array.from({ length: times }, () => new Uint8Array(once))) : null;
  // Not the blob itself, which would bring a type along.
  return new Response(body && body.stream(), { status, statusText, headers: fields });
}

const counts = new Map<string, number>();

/** How often it has been asked; the answer may be kept for a minute. */
function count(id: string): Response {
  const times = (counts.get(id) ?? 0) + 1;
  counts.set(id, times);
  return Response.json({ times }, { headers: { 'cache-control': 'max-age=60' } });
}

/** What the endpoint saw of its request; bytes as Latin-1, so that none gets lost in JSON. */
async function echo(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const body = Buffer.from(await request.arrayBuffer()).toString('latin1');
  const headers = Object.fromEntries(request.headers);
  return Response.json({ method: request.method, url: pathname + search, headers, body });
}

/** A text in two halves, the second of which comes when `between` is over. */
function halves(between: () => Promise<void>): Response {
  let isFirst = true;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!isFirst) await between();
      controller.enqueue(encoder.encode(isFirst ? 'first ' : 'second'));
      if (!isFirst) controller.close();
      isFirst = false;
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/plain' } });
}

/** Leads to `/t/echo/end` by so many redirects. */
function hop(left: number, url: URL): Response {
  url.pathname = left > 1 ? `/t/hops/${String(left - 1)}` : '/t/echo/end';
  return new Response(null, {
    status: 307,
    headers: { location: url.pathname, 'cache-control': 'no-store' },
  });
}

/** The application behind the browser tests, the same for a request of its own and for an item. */
export async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [, , place = '', id = ''] = url.pathname.split('/');
  switch (place) {
    case 'reply':
      return reply(JSON.parse(url.searchParams.get('as') ?? '{}') as ReplySpec);
    case 'gate':
      await waitAt(id, request.signal);
      return Response.json({ gate: 'open' });
    case 'drip':
      return halves(() => waitAt(id, request.signal));
    case 'broken':
      return halves(() => Promise.reject(new Error('broken on purpose')));
    case 'hops':
      return hop(Number(id), url);
    case 'count':
      return count(id);
    case 'echo':
      return echo(request);
    default:
      return new Response('no such endpoint', { status: 404 });
  }
}
