import { openBrowser, type PageApi, type Tab } from '../harness/browser.ts';
import { bundlePage } from '../harness/bundle.ts';
import type { RunSetting } from '../harness/scenario.ts';
import { createIdentity, startBackend, type Backend } from './backend.ts';
import type { Protocol } from './contenders/contender.ts';

/** What a stage stands before: a page's servers, and a browser that trusts them. */
export interface Backdrop {
  readonly backend: Backend;
  /** Opens the page in a tab of its own. @param port the backend's, or that of a proxy before it */
  readonly open: <Api extends PageApi<Api>>(over: Protocol, port?: number) => Promise<Tab<Api>>;
  /** Has something closed when the scenario is done, before what has been opened earlier. */
  readonly onClose: (close: () => Promise<unknown>) => void;
  readonly versions: Readonly<Record<string, string>>;
}

async function openHouse(page: URL) {
  const bundle = await bundlePage(page);
  const identity = await createIdentity();
  const backend = await startBackend(bundle.code, identity);
  try {
    const browser = await openBrowser([
      `--ignore-certificate-errors-spki-list=${identity.spkiHash}`,
    ]);
    const close = async (): Promise<void> => {
      await browser.close();
      await backend.close();
    };
    return { bundle, backend, browser, close };
  } catch (error) {
    await backend.close();
    throw error;
  }
}

/** Bundles a page and starts browser and servers, once a run; a scenario's tabs are gone when `use` is done. */
export async function withBackdrop<T>(
  { keeper }: RunSetting,
  page: URL,
  use: (backdrop: Backdrop) => Promise<T>,
): Promise<T> {
  const { bundle, backend, browser } = await keeper.get(page.href, () => openHouse(page));
  const closing: (() => Promise<unknown>)[] = [];
  try {
    return await use({
      backend,
      async open<Api extends PageApi<Api>>(over: Protocol, port = backend.ports[over]) {
        const scheme = over === 'h2' ? 'https' : 'http';
        const tab = await browser.open<Api>(`${scheme}://127.0.0.1:${port}/`);
        closing.push(tab.close);
        return tab;
      },
      onClose: (close) => closing.push(close),
      versions: { browser: browser.version, ...bundle.versions },
    });
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}
