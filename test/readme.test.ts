import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as client from '../src/index.ts';
import * as hono from 'hono';
import * as server from '../src/server/index.ts';
import { fakeNetwork } from './support/fake-network.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const modules: Record<string, object> = { carpool: client, 'carpool/server': server, hono };

/** Runs the README's example that contains `text`; the result is what it declares at its top level. */
async function example<Declared>(text: string): Promise<Declared> {
  const blocks = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code!);
  const code = blocks.find((block) => block.includes(text));
  if (!code) throw new Error(`the README has no example with ${text}`);
  const names = [...code.matchAll(/^(?:export )?const (\w+)/gm)].map(([, name]) => name!);
  const script = stripTypeScriptTypes(code)
    .replaceAll(/^import (.*) from '(.*)';$/gm, "const $1 = modules['$2'];")
    .replaceAll(/^export /gm, '');
  // oxlint-disable-next-line typescript/no-implied-eval -- the README is code of this project
  const run = new Function(
    'modules',
    `return (async () => {${script}; return { ${names.join()} }; })()`,
  );
  return run(modules) as Promise<Declared>;
}

type Handle = (request: Request) => Promise<Response>;

const post = (...urls: string[]): Request =>
  new Request('http://localhost:3000/batch', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      requests: urls.map((url, index) => ({ id: String(index), method: 'GET', url })),
    }),
  });

const bodiesOf = async (response: Response): Promise<unknown[]> => {
  const { responses } = (await response.json()) as { responses: { id: string; body: unknown }[] };
  return responses.sort((a, b) => a.id.localeCompare(b.id)).map(({ body }) => body);
};

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the README's examples", () => {
  it('calls through the client', async () => {
    vi.stubGlobal('location', new URL('https://app.test/'));
    const { seen } = fakeNetwork();

    const { widget } = await example<{ widget: unknown }>('createCarpool({');

    expect(widget).toEqual({ native: '/api/widgets/1' });
    expect(seen).toHaveLength(1);
  });

  it('answers from the cache', async () => {
    vi.stubGlobal('location', new URL('https://app.test/'));
    const { seen } = fakeNetwork();

    const { carpool, quote } = await example<{ carpool: client.Carpool; quote: unknown }>(
      'carpool.prefetch(',
    );

    expect(quote).toEqual({ path: '/api/quotes/AAPL' });
    expect(seen).toHaveLength(1);
    expect(carpool.cache.stats()).toMatchObject({ entries: 1, memoryHits: 1, misses: 2 });
  });

  it('mounts the handler in Hono', async () => {
    const { app } = await example<{ app: hono.Hono }>("from 'hono'");

    const response: Response = await app.fetch(post('/api/widgets/1', '/api/widgets/2'));

    expect(await bodiesOf(response)).toEqual([{ id: '1' }, { id: '2' }]);
  });

  it('mounts the handler in Next.js', async () => {
    const { natives } = fakeNetwork();
    const { POST } = await example<{ POST: Handle }>('export const POST');

    const response: Response = await POST(post('/api/widgets/1'));

    expect(await bodiesOf(response)).toEqual([{ native: '/api/widgets/1' }]);
    expect(natives()).toHaveLength(1);
  });

  it('mounts the handler in Bun', async () => {
    const { serve } = await example<{ serve: Handle }>('export const serve');

    const response: Response = await serve(post('/a'));

    expect(await bodiesOf(response)).toEqual([{ path: '/a' }]);
  });
});
