import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import {
  collectRequests,
  collectTrouble,
  loaded,
  readViolations,
  recordViolations,
  widgets,
} from './dashboard-page.ts';

const count = (page: Page, measure: string, mode: string) =>
  page.locator(`#counts [data-measure=${measure}] [data-mode=${mode}]`);

test('sixty widgets, 30 % of them duplicates, make one batch and nothing else', async ({
  page,
}, testInfo) => {
  const requests = collectRequests(page);

  await page.goto('/');
  await loaded(page);

  await expect(page.locator('.card[data-state=ready]')).toHaveCount(widgets);
  const urls = await page
    .locator('.card')
    .evaluateAll((cards) => cards.map((card) => card.getAttribute('data-url')));
  expect(new Set(urls).size).toBe(42);
  expect(requests).toEqual(['POST /batch']);
  await expect(count(page, 'requests', 'carpool')).toHaveText('1');
  await page.screenshot({ path: testInfo.outputPath('dashboard.png'), fullPage: true });
});

test('sixty widgets that are all different make one batch too', async ({ page }) => {
  const requests = collectRequests(page);

  await page.goto('/?distinct=1');
  await loaded(page);

  const urls = await page
    .locator('.card[data-state=ready]')
    .evaluateAll((cards) => cards.map((card) => card.getAttribute('data-url')));
  expect(new Set(urls).size).toBe(widgets);
  expect(requests).toEqual(['POST /batch']);
});

test('a straggler holds up nobody: the other 59 are rendered before it', async ({ page }) => {
  const requests = collectRequests(page);

  await page.goto('/?straggler=1000');
  await loaded(page);

  const order = await page.locator('.card').evaluateAll((cards) =>
    cards
      .map((card) => ({
        order: Number(card.getAttribute('data-order')),
        late: card.getAttribute('data-url')?.includes('straggler=') ?? false,
      }))
      .sort((a, b) => a.order - b.order),
  );
  expect(order.map((card) => card.order)).toEqual(
    Array.from({ length: widgets }, (_, index) => index + 1),
  );
  expect(order.map((card) => card.late)).toEqual([
    ...Array<boolean>(widgets - 1).fill(false),
    true,
  ]);
  expect(requests).toEqual(['POST /batch']);
});

test('the other widgets are on the page while the straggler is still waited for', async ({
  page,
}) => {
  await page.goto('/?straggler=10000');

  await expect(page.locator('.card[data-state=ready]')).toHaveCount(widgets - 1);
  await expect(page.locator('.card[data-state=loading]')).toHaveCount(1);
  await expect(page.locator('.card[data-state=loading]')).toHaveAttribute('aria-busy', 'true');
});

test('the switch to plain fetch makes a request a widget, and shows both counts', async ({
  page,
}) => {
  await page.goto('/');
  await loaded(page);
  await expect(count(page, 'requests', 'carpool')).toHaveText('1');
  const requests = collectRequests(page);

  await page.getByText('Plain fetch', { exact: true }).first().click();

  await expect(count(page, 'requests', 'fetch')).toHaveText(String(widgets));
  await expect(count(page, 'requests', 'carpool')).toHaveText('1');
  await expect(page.locator('.card[data-state=ready]')).toHaveCount(widgets);
  expect(requests).toHaveLength(widgets);
  expect(requests.every((request) => request.startsWith('GET /api/widgets/'))).toBe(true);
  expect(page.url()).toContain('mode=fetch');
});

test('"Run both" fills both columns and ends with Carpool', async ({ page }) => {
  await page.goto('/?mode=fetch');
  await loaded(page);

  await page.getByRole('button', { name: 'Run both' }).click();

  await expect(page.getByLabel('Carpool', { exact: true })).toBeChecked();
  await expect(count(page, 'requests', 'carpool')).toHaveText('1');
  await expect(count(page, 'requests', 'fetch')).toHaveText(String(widgets));
  await expect(page.getByRole('status')).toContainText('Carpool: 60 widgets, 1 request,');
});

for (const mode of ['carpool', 'fetch']) {
  test(`both modes render the same figures and offend no policy: ${mode}`, async ({ page }) => {
    const trouble = collectTrouble(page);
    await recordViolations(page);

    const response = await page.goto(`/?mode=${mode}`);
    await loaded(page);

    expect(response?.headers()['content-security-policy']).toContain("default-src 'self'");
    expect(response?.headers()['content-security-policy']).not.toContain('unsafe');
    expect(await readViolations(page)).toEqual([]);
    expect(trouble).toEqual([]);
    await expect(page.getByRole('heading', { level: 4 })).toHaveCount(widgets);
    await expect(page.locator('.card').first()).toContainText('Revenue');
    await expect(page.locator('.card').first()).toContainText('€41,864');
  });

  test(`loading again in the middle of a load causes no error: ${mode}`, async ({ page }) => {
    const trouble = collectTrouble(page);

    await page.goto(`/?mode=${mode}&straggler=10000`);
    await expect(page.locator('.card[data-state=ready]').first()).toBeVisible();
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByLabel('Straggler').selectOption('0');
    await loaded(page);

    await expect(page.locator('.card[data-state=ready]')).toHaveCount(widgets);
    await expect(page.locator('.card[data-state=failed]')).toHaveCount(0);
    expect(trouble).toEqual([]);
  });

  test(`leaving in the middle of a load causes no error: ${mode}`, async ({ page }) => {
    const trouble = collectTrouble(page);

    await page.goto(`/?mode=${mode}&straggler=10000`);
    await expect(page.locator('.card[data-state=ready]').first()).toBeVisible();
    await page.reload();
    await expect(page.locator('.card[data-state=ready]').first()).toBeVisible();
    await page.goto(`/?mode=${mode}`);
    await loaded(page);

    expect(trouble).toEqual([]);
  });
}

test('a widget that fails says so, and can be tried again on its own', async ({ page }) => {
  // Widget 37 is on the page once; plain fetch, so that just its own request can be broken.
  const broken = '**/api/widgets/37?*';
  await page.route(broken, (route) => route.fulfill({ status: 500, body: 'out of order' }));
  await page.goto('/?mode=fetch');
  await loaded(page);
  await expect(page.locator('.card[data-state=failed]')).toHaveCount(1);
  await page.unroute(broken);

  await page.getByRole('button', { name: 'Try again' }).click();

  await expect(page.locator('.card[data-state=ready]')).toHaveCount(widgets);
  await expect(page.getByRole('heading', { name: 'Orders by country' })).toBeVisible();
});
