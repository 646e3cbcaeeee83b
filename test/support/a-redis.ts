import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { ensureRedis } from '../../scripts/redis.ts';

export interface TestRedis {
  readonly port: number;
  /** For REDIS_URL. */
  readonly url: string;
  /** Kills it, as if the machine had gone; nothing that it held comes back. At the end of a test, too. */
  readonly stop: () => Promise<void>;
  /** Starts it again, empty, where it was. */
  readonly restart: () => Promise<void>;
  /** Holds it: connections stay, but nothing is answered. */
  readonly hold: () => void;
  readonly release: () => void;
}

const host = '127.0.0.1';

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** @throws Error with what it said, if it ends before it is ready */
async function start(path: string, port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', host, '--save', '', '--appendonly', 'no'];
  const child = spawn(path, args, { cwd: '/tmp', stdio: ['ignore', 'pipe', 'ignore'] });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended: ${said.join('\n')}`)));
    createInterface(child.stdout).on('line', (line) => {
      said.push(line);
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  return child;
}

/** A real Redis on a free port, ready to be used. Stop it when the test is over. */
export async function startRedis(): Promise<TestRedis> {
  const path = ensureRedis();
  const port = await findFreePort();
  let child: ChildProcess | undefined = await start(path, port);
  // A test run that is cut off leaves nothing behind.
  const kill = () => void child?.kill('SIGKILL');
  process.once('exit', kill);

  return {
    port,
    url: `redis://${host}:${port}`,
    stop: async () => {
      const going = child;
      child = undefined;
      process.off('exit', kill);
      if (!going) return;
      const gone = once(going, 'exit');
      going.kill('SIGKILL');
      await gone;
    },
    restart: async () => {
      child ??= await start(path, port);
      process.once('exit', kill);
    },
    hold: () => void child?.kill('SIGSTOP'),
    release: () => void child?.kill('SIGCONT'),
  };
}
