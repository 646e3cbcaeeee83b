import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureRedis, findRedis, type Machine } from '../../scripts/redis.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'carpool-redis-'));
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

const machine = (root = false, env: NodeJS.ProcessEnv = {}): Machine => ({
  env: { PATH: join(home, 'bin'), ...env },
  root,
});

/** An apt-get that notes its arguments, and brings Redis once its lists are there. */
const putApt = (needsUpdate = false) =>
  put(
    'bin/apt-get',
    `echo "$*" >> ${join(home, 'log')}
     if [ "$1" = update ]; then echo > ${join(home, 'lists')}; exit 0; fi
     ${needsUpdate ? `[ -e ${join(home, 'lists')} ] || exit 100` : ''}
     printf '#!/bin/sh\\n' > ${join(home, 'bin/redis-server')}; /bin/chmod +x ${join(home, 'bin/redis-server')}`,
  );

const log = () => readFileSync(join(home, 'log'), 'utf8').trim().split('\n');

test('REDIS_SERVER_PATH comes before the PATH', () => {
  const mine = put('mine');
  put('bin/redis-server');

  expect(findRedis(machine(false, { REDIS_SERVER_PATH: mine }))).toBe(mine);
});

test('one on the PATH is taken, and nothing installed', () => {
  const redis = put('bin/redis-server');

  expect(ensureRedis(machine(true))).toBe(redis);
});

test('one that does not start is none', () => {
  put('bin/redis-server', 'exit 127');

  expect(findRedis(machine())).toBeUndefined();
});

test('root installs it', () => {
  putApt();

  expect(ensureRedis(machine(true))).toBe(join(home, 'bin/redis-server'));
  expect(log()).toEqual(['install -y --no-install-recommends redis-server']);
});

test('root updates the lists where installing needs that', () => {
  putApt(true);

  expect(ensureRedis(machine(true))).toBe(join(home, 'bin/redis-server'));
  expect(log()).toEqual([
    'install -y --no-install-recommends redis-server',
    'update',
    'install -y --no-install-recommends redis-server',
  ]);
});

test('others are told in one line what to do', () => {
  putApt();

  expect(() => ensureRedis(machine())).toThrow(
    /^No redis-server found: run .+REDIS_SERVER_PATH\.$/,
  );
});

test('a wrong REDIS_SERVER_PATH is an error, not a reason to install another', () => {
  putApt();

  expect(() => ensureRedis(machine(true, { REDIS_SERVER_PATH: '/nowhere' }))).toThrow(
    "REDIS_SERVER_PATH is /nowhere, which doesn't start; correct or unset it.",
  );
});
