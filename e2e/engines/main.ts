/**
 * The browser build in the engines that the other tests don't run in: Firefox and WebKitGTK, where
 * they are installed. The page runs its checks by itself and posts the outcome.
 */
import { styleText } from 'node:util';
import type { Open } from './engine.ts';
import { openFirefox } from './firefox.ts';
import { serve, type Outcome } from './server.ts';
import { openWebKit } from './webkit.ts';

const engines: Record<string, Open> = {
  'Firefox (firefox-esr)': openFirefox,
  'WebKitGTK (webkit2gtk-driver, xvfb)': openWebKit,
};

const timeoutMs = 60_000;

/** @returns whether nothing failed */
async function check(engine: string, open: Open): Promise<boolean> {
  const server = await serve();
  const browser = await open(server.url);
  if (!browser) {
    console.log(`${engine}: skipped, not installed`);
    server.close();
    return true;
  }

  const timer = Promise.withResolvers<Outcome[]>();
  const timeout = setTimeout(
    () => timer.resolve([{ check: 'the page reports', error: `nothing within ${timeoutMs} ms` }]),
    timeoutMs,
  );
  const outcomes = await Promise.race([server.report, timer.promise]);
  clearTimeout(timeout);
  await browser.close();
  server.close();

  console.log(browser.name);
  for (const { check: name, error } of outcomes) {
    console.log(
      error
        ? `  ${styleText('red', '✗')} ${name}\n    ${error}`
        : `  ${styleText('green', '✓')} ${name}`,
    );
  }
  return outcomes.every(({ error }) => !error);
}

for (const [engine, open] of Object.entries(engines)) {
  if (!(await check(engine, open))) process.exitCode = 1;
}
