import { openBrowser, type BenchBrowser, type PageApi, type Tab } from '../harness/browser.ts';
import { bundlePage } from '../harness/bundle.ts';
import { createIdentity, startBackend, type Backend } from './backend.ts';
import type { Protocol } from './contenders/contender.ts';

/** What a stage stands before. */
export interface Backdrop {
  readonly backend: Backend;
  /** Opens the page in a tab of its own. @param port the backend's, or that of a proxy before it */
  readonly open: <Api extends PageApi<Api>>(over: Protocol, port?: number) => Promise<Tab<Api>>;
  /** Has something closed at the end, before what has been opened earlier. */
  readonly onClose: (close: () => Promise<unknown>) => void;
  readonly versions: Readonly<Record<string, string>>;
}

/** Bundles a page, and starts its servers and a browser that trusts them; all are gone when `use` is done. */
export async function withBackdrop<T>(
  page: URL,
  use: (backdrop: Backdrop) => Promise<T>,
): Promise<T> {
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const bundle = await bundlePage(page);
    const identity = await createIdentity();
    const backend = await startBackend(bundle.code, identity);
    closing.push(backend.close);
    const browser: BenchBrowser = await openBrowser([
      `--ignore-certificate-errors-spki-list=${identity.spkiHash}`,
    ]);
    closing.push(browser.close);
    return await use({
      backend,
      open: (over, port = backend.ports[over]) =>
        browser.open(`${over === 'h2' ? 'https' : 'http'}://127.0.0.1:${port}/`),
      onClose: (close) => closing.push(close),
      versions: { browser: browser.version, ...bundle.versions },
    });
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}
