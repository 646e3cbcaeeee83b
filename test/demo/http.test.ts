import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRunningServer, type RunningDemo } from '../support/a-running-server.ts';

let server: RunningDemo;

beforeAll(async () => {
  server = await aRunningServer();
});
afterAll(() => server.close());

/** Sends what `fetch` would send otherwise: chunks, or neither a length nor a body. */
async function send(method: string, path: string, chunks: readonly string[]): Promise<number> {
  const { port } = new URL(server.url);
  const authorization = `Bearer ${await server.tokenOf('ann')}`;
  const request = httpRequest({
    port,
    method,
    path,
    headers: {
      authorization,
      ...(chunks.length > 0 && {
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
      }),
    },
  });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  for (const chunk of chunks) request.write(chunk);
  request.end();
  const { statusCode = 0 } = (await response).resume();
  return statusCode;
}

describe('over real HTTP', () => {
  it('a write without a body is answered', async () => {
    const { id } = (await (
      await server.ask('/api/notes', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"text":"a"}',
      })
    ).json()) as { id: number };

    expect(await send('DELETE', `/api/notes/${String(id)}`, [])).toBe(204);
  });

  it('a route that may have a body takes it that there is none', async () => {
    const response = await server.ask('/api/charges/C-101199/analysis', { method: 'POST' });

    expect(response.status).toBe(202);
  });

  it('a body may come in chunks', async () => {
    expect(await send('POST', '/api/notes', ['{"te', 'xt":"a"}'])).toBe(201);
  });

  it('a body in chunks is limited too', async () => {
    const chunks = ['{"text":"', ...Array.from({ length: 30 }, () => 'a'.repeat(10_000)), '"}'];

    expect(await send('POST', '/api/notes', chunks)).toBe(413);
  });
});
