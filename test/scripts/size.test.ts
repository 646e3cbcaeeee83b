import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { problemsWith } from '../../scripts/budget.ts';
import { sharesOf } from '../../scripts/shares.ts';
import { bundle, weigh } from '../../scripts/weigh.ts';

describe('problemsWith', () => {
  const load = { name: 'the client', brotli: 8500, budget: 8500 };

  test('what weighs its budget, as the README promises, is all right', () => {
    expect(problemsWith(load, 'at most 8.5 kB')).toEqual([]);
  });

  test('a byte more is too much', () => {
    expect(problemsWith({ ...load, brotli: 8501 }, 'at most 8.5 kB')).toEqual([
      'the client is over its budget of 8.50 kB: 8501 bytes',
    ]);
  });

  test('a budget that the README does not promise is one too many', () => {
    expect(problemsWith(load, 'at most 9.5 kB')).toEqual([
      'the README should promise 8.5 kB for the client',
    ]);
  });
});

describe('weigh', () => {
  test('bytes are counted, not characters', () => {
    expect(weigh('ä€').minified).toBe(5);
  });

  test('what repeats itself is compressed, by Brotli further than by gzip', () => {
    const text = Array.from({ length: 500 }, (_, index) => `const name${index} = 'value';`).join();

    const { minified, gzip, brotli } = weigh(text);

    expect(gzip).toBeLessThan(minified / 3);
    expect(brotli).toBeLessThan(gzip);
  });
});

describe('bundle', () => {
  test('a dependency is inside, unless it is external', async () => {
    const source = "export { get } from 'idb-keyval'";

    const inside = await bundle({ name: 'all', source });
    const outside = await bundle({ name: 'without', source, external: ['idb-keyval'] });

    expect(inside).not.toContain('idb-keyval');
    expect(inside).toContain('readonly');
    expect(outside).toContain('from"idb-keyval"');
  });

  test('two bundlers make the same of it, each in its own words', async () => {
    const source = "export { get } from 'idb-keyval'";

    const byVite = await bundle({ name: 'one', source });
    const byEsbuild = await bundle({ name: 'other', source, bundler: 'esbuild' });

    expect(byEsbuild).not.toBe(byVite);
    for (const code of [byVite, byEsbuild]) {
      expect(code).toContain('readonly');
      expect(code).not.toMatch(/readwrite|import/);
    }
  });

  test('a file is weighed as it is', async () => {
    const source = new URL('size.test.ts', import.meta.url);

    expect(await bundle({ name: 'this', source })).toContain('// As it is.');
  });

  // As it is.
  test("what is for development only is left out, and what isn't used", async () => {
    const source = `
      import { set } from 'idb-keyval';
      export const mode = process.env.NODE_ENV === 'production' ? 'short' : 'with warnings';`;

    const code = await bundle({ name: 'mode', source });

    expect(code).toContain('short');
    expect(code).not.toContain('with warnings');
    expect(code).not.toContain('readwrite');
  });
});

describe('sharesOf', () => {
  test('each folder that a page loads has its share, and together they are the whole', async () => {
    const external = ['ky', 'idb-keyval'];
    const folders = readdirSync('src', { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'server')
      .map(({ name }) => name);

    const shares = await sharesOf(external);
    const whole = weigh(
      await bundle({ name: 'all', source: "export * from './src/index.ts'", external }),
    );

    expect(shares.map(({ folder }) => folder).sort()).toEqual([...folders, 'src itself'].sort());
    const minified = shares.reduce((sum, share) => sum + share.minified, 0);
    expect(minified / whole.minified).toBeCloseTo(1, 1);
    for (const { brotli } of shares) expect(brotli).toBeGreaterThan(0);
    expect(shares.reduce((sum, { brotli }) => sum + brotli, 0)).toBeLessThan(whole.brotli);
  });
});
