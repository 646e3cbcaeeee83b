import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface DemoServer {
  readonly url: URL;
  close(): Promise<void>;
}

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url));

/**
 * Starts the demo server on a free port, in a process of its own: sharing a thread with it would
 * slow down whoever makes the most requests.
 *
 * @param env variables of its environment, beside ours.
 * @throws Error if it ends before it listens; its own message is on stderr by then
 */
export async function startDemoServer(
  env: Readonly<Record<string, string>> = {},
): Promise<DemoServer> {
  const child = fork(main, {
    env: { ...process.env, ...env, PORT: '0' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');

  const port = await Promise.race([
    once(child, 'message').then(([message]) => (message as { port: number }).port),
    exited.then(([code]) => {
      throw new Error(`the demo server ended before it was listening (exit ${code})`);
    }),
  ]);

  return {
    url: new URL(`http://127.0.0.1:${port}`),
    async close() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
