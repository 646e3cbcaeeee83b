import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** From the top down: a folder imports from those on lower lines, and from itself. (The linter sees cycles.) */
const floors = [
  ['index.ts'],
  ['carpool.ts'],
  ['open-cache.ts'],
  ['api.ts', 'edge', 'layers', 'collector', 'transport', 'observe', 'server'],
  ['cache'],
  ['wire', 'store'],
  ['http'],
  ['core'],
];

/** Packages that one place alone may import, so that they can be replaced there. */
const keepers: Record<string, string[]> = {
  ky: ['api.ts'],
  'idb-keyval': ['store'],
  zod: ['server'],
};

interface Import {
  from: string;
  to: string;
}

/** Every import and re-export, types included, of the files in a folder. */
function importsIn(folder: string): Import[] {
  return globSync(`${folder}/**/*.{ts,js}`).flatMap((from) =>
    [
      ...readFileSync(from, 'utf8').matchAll(
        /^(?:import|export)\b[^;=]*?['"](.+?)['"]|\bimport\(['"](.+?)['"]\)/gm,
      ),
    ].map(([, fixed = '', dynamic = fixed]) => ({ from, to: resolve(from, dynamic) })),
  );
}

const resolve = (from: string, to: string): string =>
  to.startsWith('.') ? join(from, '..', to) : to;

/** `src/edge/route.ts` → `edge`; `src/index.ts` → `index.ts`; undefined for a package. */
const placeOf = (path: string): string | undefined => /^src\/([^/]+)/.exec(path)?.[1];

const floorOf = (path: string): number =>
  floors.findIndex((floor) => floor.includes(placeOf(path) ?? ''));

const show = ({ from, to }: Import): string => `${from} imports ${to}`;

describe('src', () => {
  const imports = importsIn('src');
  const inner = imports.filter(({ to }) => placeOf(to));

  test('every file has its place', () => {
    expect(imports.map(({ from }) => from).filter((from) => floorOf(from) < 0)).toEqual([]);
  });

  test('imports point down', () => {
    const up = inner.filter(
      ({ from, to }) => placeOf(from) !== placeOf(to) && floorOf(from) >= floorOf(to),
    );

    expect(up.map(show)).toEqual([]);
  });

  test('a layer knows no other layer', () => {
    const sideways = inner.filter(
      ({ from, to }) => placeOf(from) === 'layers' && placeOf(to) === 'layers',
    );

    expect(sideways.map(show)).toEqual([]);
  });

  test.each(Object.entries(keepers))('%s is imported by %s only', (name, places) => {
    const elsewhere = imports.filter(
      ({ from, to }) => to === name && !places.includes(placeOf(from) ?? ''),
    );

    expect(elsewhere.map(show)).toEqual([]);
  });
});

test.each(['demo', 'e2e', 'bench'])('%s imports the package by its name', (folder) => {
  const inside = importsIn(folder).filter(({ to }) => placeOf(to));

  expect(inside.map(show)).toEqual([]);
});
