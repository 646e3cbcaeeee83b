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

/** What the endpoint saw of its request; bytes as Latin-1, so that none gets lost in JSON. */
async function echo(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const body = Buffer.from(await request.arrayBuffer()).toString('latin1');
  const headers = Object.fromEntries(request.headers);
  return Response.json({ method: request.method, url: pathname + search, headers, body });
}

/** A body of two halves, the second of which comes when the gate opens. */
function drip(id: string, signal: AbortSignal): Response {
  const halves = async function* (): AsyncGenerator<Uint8Array> {
    yield encoder.encode('first ');
    await waitAt(id, signal);
    yield encoder.encode('second');
  };
  return new Response(ReadableStream.from(halves()) as ReadableStream<Uint8Array<ArrayBuffer>>, {
    headers: { 'content-type': 'text/plain' },
  });
}

/** A body that breaks off after its first half. */
function broken(): Response {
  const halves = async function* (): AsyncGenerator<Uint8Array> {
    yield encoder.encode('first ');
    // The browser has read it when it asks for more.
    await new Promise(setImmediate);
    throw new Error('broken on purpose');
  };
  return new Response(ReadableStream.from(halves()) as ReadableStream<Uint8Array<ArrayBuffer>>, {
    headers: { 'content-type': 'text/plain' },
  });
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
  const [, , place, id = ''] = url.pathname.split('/');
  switch (place) {
    case 'reply':
      return reply(JSON.parse(url.searchParams.get('as') ?? '{}') as ReplySpec);
    case 'gate':
      await waitAt(id, request.signal);
      return Response.json({ gate: 'open' });
    case 'drip':
      return drip(id, request.signal);
    case 'broken':
      return broken();
    case 'hops':
      return hop(Number(id), url);
    case 'echo':
      return echo(request);
    default:
      return new Response('no such endpoint', { status: 404 });
  }
}
