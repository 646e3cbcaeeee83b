import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs the compiler; the result is what it complains of. */
function tsc(...args: readonly string[]): string {
  try {
    return execFileSync(join(root, 'node_modules/.bin/tsc'), args, { cwd: root, encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

it('the types that are shipped ask no more of `lib` than they must, and know `await using` where it is', () => {
  // Within the project, so that they find the types of what it depends on.
  mkdirSync(join(root, 'test-results'), { recursive: true });
  const folder = mkdtempSync(join(root, 'test-results/types-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const user = (name: string, code: string): string => {
    const file = join(folder, name);
    writeFileSync(file, `import { createCarpool } from './index.js';\n${code}\n`);
    return file;
  };
  const check = (file: string, lib: string): string => {
    const options = '--ignoreConfig --noEmit --strict --target es2022 --module nodenext';
    // As users do who have all declarations checked.
    return tsc(...options.split(' '), '--skipLibCheck', 'false', '--types', '', '--lib', lib, file);
  };

  expect(tsc('-p', 'tsconfig.build.json', '--outDir', folder)).toBe('');
  const plain = user(
    'plain.ts',
    'import { createBatchHandler } from "./server/index.js";\nvoid [createCarpool, createBatchHandler];',
  );
  const using = user(
    'using.ts',
    'await using carpool = createCarpool();\nvoid carpool.fetch("/a");',
  );

  expect(check(plain, 'ES2022,DOM')).toBe('');
  expect(check(using, 'ES2022,DOM,ESNext.Disposable')).toBe('');
});
