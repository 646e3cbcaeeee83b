import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSuspect } from '../../src/edge/route.ts';
import { createToTarget } from '../../src/edge/target.ts';

const bases = [
  'https://app.test/',
  'http://localhost:8080/deep/page.html?x#y',
  'https://a.b:444/c/',
];

/** Pieces of paths and queries, and what is meant to deceive. */
const piece = fc.constantFrom(
  ...['/', '//', '.', '..', '/.', '/..', 'a', 'B', '-', '_', '~', '%2e', '%2F', '%20', '\\'],
  ...['?', '#', '=', '&', ',', ':', '+', '@', ';', '!', ' ', '\t', '\n', 'é', '"', "'", '|', '^'],
  ...['https://app.test', 'https://app.test.evil', 'http://localhost:8080', 'blob:', 'data:,x'],
);
const input = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

it('what is called is read as the URL standard reads it, with and without a URL', () => {
  fc.assert(
    fc.property(fc.constantFrom(...bases), input, (base, text) => {
      const toTarget = createToTarget(() => base);
      if (!URL.canParse(text, base)) {
        expect(() => toTarget(text)).toThrow(TypeError);
        return;
      }

      const target = toTarget(text);

      const url = new URL(text, base);
      expect(target).toEqual({
        href: url.href.split('#')[0],
        origin: /^https?:$/.test(url.protocol) ? url.origin : undefined,
        hasCredentials: url.username !== '' || url.password !== '',
        isSuspect: isSuspect(url),
      });
    }),
    { numRuns: 20_000 },
  );
});

it('a base that changes counts from the next call', () => {
  let base: string | undefined;
  const toTarget = createToTarget(() => base);
  expect(() => toTarget('/a')).toThrow(TypeError);

  base = 'https://one.test/';
  expect(toTarget('/a').href).toBe('https://one.test/a');
  base = 'https://two.test/';
  expect(toTarget('/a').href).toBe('https://two.test/a');
  base = 'about:blank';
  expect(() => toTarget('/a')).toThrow(TypeError);
});

it('a path that nearly matches is judged at once', () => {
  const toTarget = createToTarget(() => 'https://app.test/');

  const path = `${'/a'.repeat(20_000)}${'a.'.repeat(20_000)} `;

  expect(toTarget(path).href).toBe(new URL(path, 'https://app.test/').href);
});
