import { expect, test } from 'vitest';
import { createBatchEndpoint } from './support/batch-endpoint.ts';
import { openPage } from './support/page.ts';

interface Results {
  readonly run: () => Promise<string[]>;
  readonly violations: string[];
}

test('a strict Content-Security-Policy has nothing to report', async () => {
  const { endpoint, seen } = createBatchEndpoint();
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'nonce-{nonce}'",
    "connect-src 'self'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

  const page = await openPage({
    headers: [['content-security-policy', policy]],
    script: `
      window.violations = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        window.violations.push(event.violatedDirective + ' ' + event.blockedURI);
      });
      const carpool = createCarpool({
        endpoint: '${endpoint}',
        rules: [{ match: '/t/:what/*', priority: 'high' }],
      });
      window.run = async () => {
        const responses = await Promise.all([
          carpool.fetch('/t/echo/1'),
          carpool.fetch('/t/echo/2', { method: 'POST', body: 'x'.repeat(5000) }),
          carpool.api.get(location.origin + '/t/echo/3'),
        ]);
        return Promise.all(responses.map(async (response) => (await response.json()).url));
      };`,
  });
  const window = page.window as Window & Results;
  const first = await window.run();
  const second = await window.run();

  expect(first).toEqual(['/t/echo/1', '/t/echo/2', '/t/echo/3']);
  expect(second).toEqual(first);
  expect(window.violations).toEqual([]);
  expect(await seen()).toMatchObject({ batches: 2, items: 6 });
  page.frame.remove();
});
