import { expect, test } from '@playwright/test';

test('sixty widgets load through one batch, and the console stays silent', async ({ page }) => {
  const noise: string[] = [];
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  const requests: string[] = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));

  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('data-state', 'done');

  const loaded = requests.filter((path) => path === '/batch' || path.startsWith('/api/'));
  expect(loaded).toEqual(['/batch']);
  expect(noise).toEqual([]);
});
