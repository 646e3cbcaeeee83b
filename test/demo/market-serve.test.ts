import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../demo/server/config.ts';
import { eventually } from '../support/a-server-cache.ts';
import { serve, type RunningServer } from '../../demo/server/serve.ts';

let running: RunningServer | undefined;

afterEach(() => running?.close(0));

/** A server on a port, and how to ask it as an administrator. */
async function aRunningServer(env: Readonly<Record<string, string>>) {
  running = await serve(0, readConfig({ UPSTREAM_FAILURES: '0', ...env }));
  const origin = `http://127.0.0.1:${running.port}`;
  const response = await fetch(`${origin}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'admin-password' }),
  });
  const { token } = (await response.json()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  return (path: string) => fetch(`${origin}${path}`, { headers });
}

describe('a server that starts', () => {
  it('warms its cache', async () => {
    const ask = await aRunningServer({ UPSTREAM_LATENCY_MS: '0' });

    await eventually(async () => {
      const { sizes } = (await (await ask('/api/cache/stats')).json()) as {
        sizes: { sqlite: Record<string, { entries: number }> };
      };
      expect(sizes.sqlite['quote']?.entries).toBe(100);
      expect(sizes.sqlite['fundamentals']?.entries).toBe(100);
    });
    expect((await ask('/api/quotes/AAPL')).headers.get('cache-status')).toContain('hit');
  });

  it('does not wait for that, and ends without it', async () => {
    const ask = await aRunningServer({ UPSTREAM_LATENCY_MS: '60000' });

    expect((await ask('/api/watchlist')).status).toBe(200);

    await running?.close(0);
    running = undefined;
  });
});
