import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { differences } from './browser/parity/differences.ts';

const text = readFileSync('docs/differences.md', 'utf8');
const headings = [...text.matchAll(/^## \d+\. (.+)$/gm)].map(([, heading]) => heading);

test('what differs from fetch is documented: all of it, and nothing else', () => {
  expect(headings).toEqual(Object.values(differences));
});

test('no more than five things differ', () => {
  expect(headings.length).toBeLessThanOrEqual(5);
});
