import { spawnSync } from 'node:child_process';
import { programs } from './browser.ts';

/** What the search depends on, so that a test can stand on another machine. */
export interface Machine {
  readonly env: NodeJS.ProcessEnv;
  readonly root: boolean;
}

const here: Machine = { env: process.env, root: process.getuid?.() === 0 };

/** Finds a redis-server that starts: `$REDIS_SERVER_PATH`, else one on the PATH. */
export function findRedis({ env }: Machine = here): string | undefined {
  const own = env['REDIS_SERVER_PATH'];
  return (own ? [own] : programs(['redis-server'], env)).find(
    (path) => spawnSync(path, ['--version'], { env, timeout: 20_000 }).status === 0,
  );
}

/**
 * Finds a redis-server, or installs the distribution's, which only root may do.
 *
 * @throws Error whose message says in one line what to do.
 */
export function ensureRedis(machine: Machine = here): string {
  const { env, root } = machine;
  const run = (command: string, ...args: string[]): boolean =>
    spawnSync(command, args, { env, stdio: ['ignore', 2, 2] }).status === 0;
  const install = (): boolean =>
    run('apt-get', 'install', '-y', '--no-install-recommends', 'redis-server');

  let found = findRedis(machine);
  const own = env['REDIS_SERVER_PATH'];
  if (!found && own) {
    throw new Error(`REDIS_SERVER_PATH is ${own}, which doesn't start; correct or unset it.`);
  }
  // The lists may be older than what the mirrors still have, or not be there at all.
  if (!found && root && (install() || (run('apt-get', 'update') && install()))) {
    found = findRedis(machine);
  }
  if (!found) {
    throw new Error(
      'No redis-server found: run `apt-get install redis-server` as root, install Redis with your ' +
        'package manager, or set REDIS_SERVER_PATH.',
    );
  }
  return found;
}

if (import.meta.main) {
  try {
    console.log(`Redis: ${ensureRedis()}`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
