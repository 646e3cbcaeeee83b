import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureChromium, findChromium, type Surroundings } from '../../scripts/browser.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'carpool-browser-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

/** Puts a shell script where a program is looked for; the PATH of these tests has nothing else. */
function put(path: string, script = 'exit 0'): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** An installer that notes its arguments and leaves a browser behind. */
function putInstaller(path: string, browser?: string): void {
  const leave = browser ? `printf '#!/bin/sh\\n' > ${browser}; /bin/chmod +x ${browser}` : 'exit 1';
  put(path, `echo "$0 $*" >> ${join(home, 'log')}; ${leave}`);
}

function surroundings(env: NodeJS.ProcessEnv = {}, root = false): Surroundings {
  const PATH = [join(home, 'first'), join(home, 'second')].join(':');
  return { env: { PATH, ...env }, root, playwrightPath: join(home, 'playwright/chrome') };
}

function installs(): string[] {
  const log = readFileSync(join(home, 'log'), 'utf8');
  return log.trim().replaceAll(join(home, 'first/'), '').split('\n');
}

describe('findChromium', () => {
  test('CHROMIUM_PATH comes before everything else', () => {
    const mine = put('mine');
    put('playwright/chrome');
    put('first/chromium');

    expect(findChromium(surroundings({ CHROMIUM_PATH: mine }))).toBe(mine);
  });

  test("Playwright's own comes before the PATH", () => {
    const own = put('playwright/chrome');
    put('first/chromium');

    expect(findChromium(surroundings())).toBe(own);
  });

  test.each(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])(
    '%s is found anywhere on the PATH',
    (name) => {
      const browser = put(`second/${name}`);

      expect(findChromium(surroundings())).toBe(browser);
    },
  );

  test('a browser that does not start is passed over', () => {
    put('playwright/chrome', 'exit 127');
    put('first/chromium-browser', 'echo "install the snap first" >&2; exit 1');
    const chrome = put('second/google-chrome');

    expect(findChromium(surroundings())).toBe(chrome);
  });

  test('without any browser there is none', () => {
    expect(findChromium(surroundings())).toBeUndefined();
  });
});

describe('ensureChromium', () => {
  test('a browser that is there is taken, and nothing installed', () => {
    const browser = put('first/chromium');
    putInstaller('first/npx', join(home, 'playwright-not-needed'));

    expect(ensureChromium(surroundings())).toBe(browser);
  });

  test("without a browser Playwright's is installed, without system packages", () => {
    const { playwrightPath } = surroundings();
    mkdirSync(dirname(playwrightPath));
    putInstaller('first/npx', playwrightPath);

    expect(ensureChromium(surroundings())).toBe(playwrightPath);
    expect(installs()).toEqual(['npx playwright install chromium']);
  });

  test("root has Playwright's installer bring system packages too", () => {
    const { playwrightPath } = surroundings();
    mkdirSync(dirname(playwrightPath));
    putInstaller('first/npx', playwrightPath);

    expect(ensureChromium(surroundings({}, true))).toBe(playwrightPath);
    expect(installs()).toEqual(['npx playwright install --with-deps chromium']);
  });

  test("root falls back on the distribution's package", () => {
    const browser = join(home, 'first/chromium');
    putInstaller('first/npx');
    putInstaller('first/apt-get', browser);

    expect(ensureChromium(surroundings({}, true))).toBe(browser);
    expect(installs()).toEqual([
      'npx playwright install --with-deps chromium',
      'apt-get update',
      'apt-get install -y --no-install-recommends chromium',
    ]);
  });

  test('where nothing helps, the error says in one line what to do', () => {
    putInstaller('first/npx');
    putInstaller('first/apt-get', join(home, 'first/chromium'));

    expect(() => ensureChromium(surroundings())).toThrow(
      /^No Chromium found: run .+CHROMIUM_PATH\.$/,
    );
    expect(installs()).toEqual(['npx playwright install chromium']);
  });

  test('a wrong CHROMIUM_PATH is an error, not a reason to install another', () => {
    put('first/chromium');

    expect(() => ensureChromium(surroundings({ CHROMIUM_PATH: '/nowhere/chrome' }))).toThrow(
      "CHROMIUM_PATH is /nowhere/chrome, which doesn't start; correct or unset it.",
    );
  });
});
