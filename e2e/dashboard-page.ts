import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/** Tiles on the dashboard. */
export const widgets = 60;

/** The requests for data that the browser has sent since this call, as `METHOD path`. */
export function collectRequests(page: Page): string[] {
  const requests: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (isData(pathname)) requests.push(`${request.method()} ${pathname}`);
  });
  return requests;
}

/** Whether a path is the application's, and no part of the page or of logging in. */
export const isData = (pathname: string): boolean =>
  pathname === '/batch' || (pathname.startsWith('/api/') && !pathname.startsWith('/api/auth/'));

/** Resolves when every tile is rendered or has failed; the time is for what hangs. */
export const loaded = (page: Page): Promise<void> =>
  expect(page.locator('html')).toHaveAttribute('data-state', 'done', { timeout: 120_000 });

/** What the page must never do, whatever else happens on it. */
export function collectTrouble(page: Page): string[] {
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(`console: ${message.text()}`);
  });
  return trouble;
}

/** Violations of the policy since the document was made, as the browser reports them. */
export async function recordViolations(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const violations: string[] = [];
    Object.assign(window, { policyViolations: violations });
    document.addEventListener('securitypolicyviolation', (event) => {
      violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
    });
  });
}

export const readViolations = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { policyViolations: string[] }).policyViolations);
