import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { programs } from '../../scripts/browser.ts';
import type { Open } from './engine.ts';

/** WebKitGTK's MiniBrowser on a virtual display, through plain WebDriver. */
export const openWebKit: Open = async (url) => {
  const [webDriver] = programs(['WebKitWebDriver']);
  const [xvfb] = programs(['Xvfb']);
  if (!webDriver || !xvfb) return undefined;

  // It picks a free display and writes its number.
  const display = spawn(xvfb, ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = (await once(display.stdio[3] as Readable, 'data')) as [Buffer];

  const port = await freePort();
  const driver = spawn(webDriver, [`--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: `:${number.toString().trim()}`, GDK_BACKEND: 'x11' },
  });
  const command = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`WebKitWebDriver: ${JSON.stringify(value)}`);
    return value;
  };
  const stop = async (): Promise<void> => {
    await Promise.all([end(driver), end(display)]);
  };

  try {
    await until(() => command('GET', '/status'));
    const { sessionId, capabilities } = (await command('POST', '/session', {
      capabilities: {},
    })) as { sessionId: string; capabilities: { browserName: string; browserVersion: string } };
    await command('POST', `/session/${sessionId}/url`, { url });
    return {
      name: `${capabilities.browserName} (WebKitGTK ${capabilities.browserVersion})`,
      async close() {
        await command('DELETE', `/session/${sessionId}`);
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function until(ready: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await ready();
      return;
    } catch {
      await sleep(100);
    }
  }
  await ready();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}
