import type { Tab } from '../harness/browser.ts';
import type { RunSetting } from '../harness/scenario.ts';
import { withBackdrop } from '../network/backdrop.ts';
import type { Burst, BurstResult, ClientPage } from './page.ts';

export interface BurstCost extends BurstResult {
  /** What the page's main thread has used of a processor for it. */
  readonly cpuMs: number;
}

export interface Stage {
  readonly stubbed: readonly string[];
  readonly connected: readonly string[];
  /** Each contender has a tab of its own, and so a heap and a main thread that no other has used. */
  readonly tabOf: (burst: Pick<Burst, 'name' | 'isStubbed'>) => Promise<Tab<ClientPage>>;
  /** Makes the calls, measures their cost, and asserts the answers of a burst that hasn't failed. */
  readonly run: (burst: Burst) => Promise<BurstCost>;
  /** Collects garbage in all tabs. */
  readonly tidy: () => Promise<void>;
  readonly versions: Readonly<Record<string, string>>;
}

/** Opens pages, and servers to be recorded or connected to. */
export const onStage = <T>(setting: RunSetting, use: (stage: Stage) => Promise<T>): Promise<T> =>
  withBackdrop(setting, new URL('page.ts', import.meta.url), async ({ open, versions }) => {
    const first = await open<ClientPage>('h1');
    const [stubbed, connected] = [await first.call('stubbed'), await first.call('connected')];
    const tabs = new Map<string, Promise<Tab<ClientPage>>>();
    const tabOf: Stage['tabOf'] = ({ name, isStubbed }) => {
      const key = `${isStubbed} ${name}`;
      const over = isStubbed ? 'h1' : connected.find((one) => one.name === name)?.over;
      if (!over) throw new Error(`no such contender: ${name}`);
      const tab = tabs.get(key) ?? open<ClientPage>(over);
      tabs.set(key, tab);
      return tab;
    };

    const run: Stage['run'] = async (burst) => {
      const tab = await tabOf(burst);
      await tab.call('prepare', burst);
      const before = await tab.cpuMs();
      const result = await tab.call('run');
      const cpuMs = (await tab.cpuMs()) - before;
      if (result.failure === undefined) await tab.call('check');
      return { ...result, cpuMs };
    };

    return use({
      stubbed,
      connected: connected.map(({ name }) => name),
      tabOf,
      run,
      async tidy() {
        await Promise.all([...tabs.values()].map(async (tab) => (await tab).call('tidy')));
      },
      versions,
    });
  });
