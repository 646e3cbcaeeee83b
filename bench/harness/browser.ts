import { chromium } from 'playwright';
import { launchOptions } from '../../scripts/browser.ts';
import { createChannel } from './channel.ts';

/** What a page's script puts up as `globalThis.bench`; arguments and results are plain data. */
export type PageApi<Api> = {
  readonly [Name in keyof Api]: (...args: never[]) => unknown;
};

export interface Tab<Api extends PageApi<Api>> {
  /** Calls a function of the page's; rejects with what it throws. */
  readonly call: <Name extends keyof Api & string>(
    name: Name,
    ...args: Parameters<Api[Name]>
  ) => Promise<Awaited<ReturnType<Api[Name]>>>;
  /** What the page's main thread has used of a processor so far, in ms; waiting for one doesn't count. */
  readonly cpuMs: () => Promise<number>;
  /** A command of DevTools' protocol to the tab. */
  readonly send: (method: string, params?: object) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

export interface BenchBrowser {
  /** Such as `Chromium 156.0.8078.108`. */
  readonly version: string;
  /** Opens a page in a tab of its own, and loads its script, `/page.js`. */
  readonly open: <Api extends PageApi<Api>>(url: string) => Promise<Tab<Api>>;
  readonly close: () => Promise<void>;
}

interface Evaluation {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}

/**
 * Starts a headless Chromium whose pages can be measured.
 *
 * They are not Playwright's own. Those always report each request to DevTools, which makes a `fetch` to
 * this machine take 1.6 times as long; and but for persistent contexts, their storage is in memory. These
 * are in the browser's default profile, on disk, where Playwright leaves them alone.
 *
 * @param flags of the command line, besides those that every bench needs
 */
export async function openBrowser(flags: readonly string[] = []): Promise<BenchBrowser> {
  const { args = [], ...options } = launchOptions();
  const browser = await chromium.launch({
    ...options,
    args: [...args, '--js-flags=--expose-gc', ...flags],
  });
  const channel = createChannel(await browser.newBrowserCDPSession());

  const open = async <Api extends PageApi<Api>>(url: string): Promise<Tab<Api>> => {
    const { send, close } = await channel.openTab();
    const evaluate = async (expression: string): Promise<unknown> => {
      const { result, exceptionDetails } = (await send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      })) as Evaluation;
      if (!exceptionDetails) return result.value;
      const { text, exception } = exceptionDetails;
      throw new Error(`in the page: ${exception?.description ?? text}`);
    };

    await send('Page.navigate', { url });
    // The server's document doesn't load it: so, what goes wrong in it is heard of here.
    await evaluate('import("/page.js")');
    await send('Performance.enable');
    return {
      call: async (name, ...args) =>
        (await evaluate(`bench.${name}(...${JSON.stringify(args)})`)) as never,
      async cpuMs() {
        const { metrics } = (await send('Performance.getMetrics')) as {
          metrics: readonly { name: string; value: number }[];
        };
        return (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? NaN) * 1000;
      },
      send,
      close,
    };
  };

  return { version: `Chromium ${browser.version()}`, open, close: () => browser.close() };
}
