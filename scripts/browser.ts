import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type LaunchOptions } from 'playwright';

/** What the search depends on, so that a test can stand on another machine. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  root: boolean;
  /** Where Playwright keeps its own Chromium, installed or not. */
  playwrightPath: string;
}

const here: Surroundings = {
  env: process.env,
  root: process.getuid?.() === 0,
  playwrightPath: chromium.executablePath(),
};

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The programs of these names on the PATH: all of the first name, then of the second. */
export function programs(
  wanted: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): string[] {
  const directories = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return wanted
    .flatMap((name) => directories.map((directory) => join(directory, name)))
    .filter((path) => existsSync(path));
}

/** Finds a Chromium that starts: `$CHROMIUM_PATH`, else Playwright's own, else one on the PATH. */
export function findChromium({ env, playwrightPath }: Surroundings = here): string | undefined {
  // Existing is not enough: an installed browser may lack its libraries, and a distribution may
  // put a script there that only says what to install.
  const starts = (path: string): boolean =>
    existsSync(path) && spawnSync(path, ['--version'], { env, timeout: 20_000 }).status === 0;

  if (env['CHROMIUM_PATH']) return starts(env['CHROMIUM_PATH']) ? env['CHROMIUM_PATH'] : undefined;

  return [playwrightPath, ...programs(names, env)].find(starts);
}

/**
 * Finds a Chromium, or installs one: Playwright's, else the distribution's.
 *
 * @throws Error whose message says in one line what to do.
 */
export function ensureChromium(surroundings: Surroundings = here): string {
  const { env, root } = surroundings;
  const run = (command: string, ...args: string[]): boolean =>
    spawnSync(command, args, { env, stdio: ['ignore', 2, 2] }).status === 0;
  // Playwright refuses distributions that it doesn't know, so the last word has the search.
  const installers = [
    () => run('npx', 'playwright', 'install', ...(root ? ['--with-deps'] : []), 'chromium'),
    () =>
      root &&
      run('apt-get', 'update') &&
      run('apt-get', 'install', '-y', '--no-install-recommends', 'chromium'),
  ];

  let found = findChromium(surroundings);
  if (!found && env['CHROMIUM_PATH']) {
    throw new Error(
      `CHROMIUM_PATH is ${env['CHROMIUM_PATH']}, which doesn't start; correct or unset it.`,
    );
  }
  for (const install of installers) {
    if (found) break;
    install();
    found = findChromium(surroundings);
  }
  if (!found) {
    throw new Error(
      'No Chromium found: run `npx playwright install --with-deps chromium`, install chromium or ' +
        'google-chrome with your package manager, or set CHROMIUM_PATH.',
    );
  }
  return found;
}

/** How Playwright is to start the browser; without one, Playwright's own error says what to do. */
export function launchOptions(): LaunchOptions {
  const executablePath = findChromium();
  return {
    ...(executablePath && { executablePath }),
    chromiumSandbox: canSandbox(),
    args: [
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}

/** Chromium's sandbox needs another user than root, and user namespaces, which containers forbid. */
function canSandbox(): boolean {
  if (here.root || here.env['CI']) return false;
  return process.platform !== 'linux' || spawnSync('unshare', ['-Ur', 'true']).status === 0;
}

if (import.meta.main) {
  try {
    console.log(`Browser: ${ensureChromium()}`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
