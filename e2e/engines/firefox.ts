import { launch } from 'puppeteer-core';
import { programs } from '../../scripts/browser.ts';
import type { Open } from './engine.ts';

/** Firefox through WebDriver BiDi. */
export const openFirefox: Open = async (url) => {
  const [executablePath] = programs(['firefox-esr', 'firefox']);
  if (!executablePath) return undefined;

  const browser = await launch({ browser: 'firefox', executablePath, headless: true });
  const page = await browser.newPage();
  await page.goto(url);
  return { name: await browser.version(), close: () => browser.close() };
};
