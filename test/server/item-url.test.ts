import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSite, resolveItemUrl } from '../../src/server/item-url.ts';
import { aBatch, aGet, aServer, endpoint, partsOf, problemOf } from './support.ts';

describe('a url that leads where it says', () => {
  test.each([
    ['/api/widgets/1?size=2&q=%2e%2e/', 'https://app.test/api/widgets/1?size=2&q=%2e%2e/'],
    ['/', 'https://app.test/'],
    ['/?', 'https://app.test/'],
    ['/a?next=//evil.test/..\u0009'.trim(), 'https://app.test/a?next=//evil.test/..'],
    ['/a#b', 'https://app.test/a'],
    ['/files/a%2Fb', 'https://app.test/files/a%2Fb'],
    ['/a//b', 'https://app.test/a//b'],
    ['/.well-known/x', 'https://app.test/.well-known/x'],
    ['/..a/b../...', 'https://app.test/..a/b../...'],
    ['/grüße', 'https://app.test/gr%C3%BC%C3%9Fe'],
    ['/a:b', 'https://app.test/a:b'],
    ['users/1', 'https://app.test/users/1'],
    ['?a=b', 'https://app.test/?a=b'],
    ['https://app.test/a', 'https://app.test/a'],
    ['HTTP://APP.test:443/a'.replace('HTTP', 'https'), 'https://app.test/a'],
    ['/batches', 'https://app.test/batches'],
    ['/batch/jobs/1', 'https://app.test/batch/jobs/1'],
  ])('%s is dispatched as %s', async (url, expected) => {
    const { handle, seen } = aServer();

    await handle(aBatch([aGet(url)]));

    expect(seen.map((request) => request.url)).toEqual([expected]);
  });

  test('relative urls start at the endpoint’s directory, or at serviceRoot', async () => {
    const atDefault = aServer();
    const atRoot = aServer(undefined, { serviceRoot: '/odata/v4' });

    await atDefault.handle(new Request('https://app.test/svc/$batch', aBatch([aGet('users/1')])));
    await atRoot.handle(aBatch([aGet('users/1'), aGet('/users/2')]));

    expect(atDefault.seen.map(({ url }) => url)).toEqual(['https://app.test/svc/users/1']);
    expect(atRoot.seen.map(({ url }) => url).sort()).toEqual([
      'https://app.test/odata/v4/users/1',
      'https://app.test/users/2',
    ]);
  });
});

describe('a url that leads elsewhere', () => {
  test.each([
    '',
    '//evil.test/a',
    'https://app.test//evil.test/a',
    '///evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '\\a',
    'https://evil.test/a',
    'https://app.test.evil.test/a',
    'https://app.test@evil.test/a',
    'https://user:pass@app.test/a',
    'https://app.test:8443/a',
    'https:/evil.test',
    'https:evil.test',
    'https:///evil.test',
    'javascript:alert(1)',
    'data:,x',
    'file:///etc/passwd',
    'blob:https://app.test/x',
    'ftp://app.test/a',
    '/a\r\nHost: evil.test',
    '/a\tb',
    ' /a',
    '/a b',
    '/a\u0000',
    '/a\u007f',
    '/\t/evil.test',
    'ht\ntps://evil.test',
    '/../a',
    '/a/..',
    '/a/./b',
    '/a/%2e%2e/b',
    '/a/%2E./b',
    '/a/.%2e',
    '/a/..%2fb',
    '/a%2f..%2fb',
    '/a/%2e%2e%2fb',
    '/a/..%5cb',
    '/a%5c..%5cb',
    '/a/%252e%252e/b',
    '/a/%252e%252e%252fb',
    '/a/%25252e%25252e%25255cb',
    'https://app.test/a/../b',
    'https://[::1/a',
  ])('%j is answered 400 and not run', async (url) => {
    const { handle, seen } = aServer();

    const parts = await partsOf(await handle(aBatch([aGet(url), aGet('/fine')])));

    expect(parts.map(({ status }) => status)).toEqual([400, 200]);
    expect(problemOf(parts[0]!).detail).toMatch(/^The url "/);
    expect(seen).toHaveLength(1);
  });

  test('a long one is quoted in short', async () => {
    const { handle } = aServer();

    const [part] = await partsOf(await handle(aBatch([aGet(`//${'a'.repeat(10_000)}`)])));

    expect(problemOf(part!).detail.length).toBeLessThan(200);
  });

  test('a long run of percent signs takes no time to judge', async () => {
    const { handle } = aServer();
    const urls = ['%25', '%', '%2525', '..%25', '/%2', '%2e%25'].map((text) =>
      `/${text.repeat(100_000)}`.slice(0, 160_000),
    );

    const parts = await partsOf(await handle(aBatch(urls.map((url) => aGet(url)))));

    expect(parts).toHaveLength(6);
  });
});

test('a path is resolved as an absolute URL with it is, whatever is in it', () => {
  const site = createSite(endpoint, undefined);
  const resolved = (url: string): string | null => {
    try {
      return resolveItemUrl(url, site);
    } catch {
      return null;
    }
  };
  const part = fc.constantFrom(
    ...[
      '/',
      '/',
      '/',
      '?',
      '#',
      '.',
      '..',
      '%2e',
      '%2F',
      '%',
      'a',
      'B',
      'batch',
      'BATCH',
      ':',
      '@',
    ],
    ...['\\', ' ', '"', "'", '<', '^', '`', '{', '|', '~', '!', '$', '&', '(', '*', '+', ',', ';'],
    ...['=', '-', '_', '[', 'ä', '\ud800', '\t', '\0'],
  );

  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const path = `/${parts.join('')}`;
      fc.pre(!path.startsWith('//') && !path.startsWith('/\\'));

      expect(resolved(path)).toBe(resolved(`https://app.test${path}`));
    }),
    { numRuns: 5000 },
  );
});
