import { once } from 'node:events';
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

/** A web-standard request handler. */
export type Answer = (request: Request) => Response | Promise<Response>;

/** Connect strips the path that it is mounted on, and keeps the whole here. */
interface Mounted {
  readonly originalUrl?: string;
}

function toRequest(incoming: IncomingMessage & Mounted, signal: AbortSignal): Request {
  const { method = 'GET', rawHeaders } = incoming;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i]!, rawHeaders[i + 1]!);
  const path = incoming.originalUrl ?? incoming.url ?? '/';
  const hasBody = method !== 'GET' && method !== 'HEAD';

  // Not `new URL(path, origin)`: to that, a path that begins with two slashes is another host.
  return new Request(`http://${incoming.headers.host ?? 'localhost'}${path}`, {
    method,
    headers,
    signal,
    ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' }),
  });
}

/**
 * Answers a Node request with `answer`, adding nothing to its response but what HTTP/1.1 needs: no
 * default type, and none of the fields that a middleware before it has set.
 */
export async function answerNode(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: Answer,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const { status, statusText, headers, body } = await answer(toRequest(incoming, gone.signal));
  for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name);
  outgoing.writeHead(status, statusText || (STATUS_CODES[status] ?? ''), [...headers].flat());
  try {
    for await (const chunk of body ?? []) {
      if (!outgoing.write(chunk)) await once(outgoing, 'drain', { signal: gone.signal });
    }
    outgoing.end();
  } catch {
    // The body broke off, and so does the message; or nobody is there to read it.
    outgoing.destroy();
  }
}
