import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * The server behind the browser tests, on the test page's own origin under `/t/`. It runs in Node,
 * inside Vite's server; the path it sees begins after `/t`.
 */
export async function parityServer(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): Promise<void> {
  if (request.url !== '/echo') return next();

  const body = await Array.fromAsync(request as AsyncIterable<Buffer>);
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      method: request.method,
      headers: request.headers,
      body: Buffer.concat(body).toString(),
    }),
  );
}
