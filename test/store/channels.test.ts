import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { joinTabs, type News, type Tabs } from '../../src/store/tabs.ts';
import { fakeChannels } from '../support/fake-channels.ts';

const news: News = { kind: 'forget', filter: { all: true } };

/** Two tabs; what each has heard so far. */
function twoTabs(): { readonly tabs: Tabs[]; readonly heard: () => number[] } {
  const channels = fakeChannels();
  const counts = [0, 0];
  const talks = [channels.join(), channels.join()];
  const tabs = talks.map(({ BroadcastChannel }, index) => {
    vi.stubGlobal('BroadcastChannel', BroadcastChannel);
    return joinTabs('test', () => counts[index]!++);
  });
  return {
    tabs,
    heard: () => {
      for (const { deliver } of talks) deliver();
      return counts;
    },
  };
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', {});
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a tab', () => {
  it('hears what another one tells, and not itself', () => {
    const { tabs, heard } = twoTabs();

    tabs[0]?.tell(news);

    expect(heard()).toEqual([0, 1]);
  });

  it('that has closed neither hears nor tells', () => {
    const { tabs, heard } = twoTabs();

    tabs[1]?.close();
    for (const { tell } of tabs) tell(news);

    expect(heard()).toEqual([0, 0]);
  });

  it('that has opened again hears and tells, each once', () => {
    const { tabs, heard } = twoTabs();
    tabs[1]?.close();

    tabs[1]?.open();
    tabs[1]?.open();
    for (const { tell } of tabs) tell(news);

    expect(heard()).toEqual([1, 1]);
  });
});
