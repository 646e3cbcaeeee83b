import { IDBKeyRange } from 'fake-indexeddb';
import type { Clock } from '../../src/core/types.ts';
import { fakeChannels, type Talk } from './fake-channels.ts';
import { fakeStorage, type FakeStorage, type TabStorage } from './fake-storage.ts';
import { fakeTasks } from './fake-tasks.ts';

interface Timer {
  readonly at: number;
  readonly tab: FakeTab;
  readonly isIdle: boolean;
  readonly run: () => void;
}

/** One tab. */
export interface FakeTab extends Omit<TabStorage, 'open' | 'end'> {
  /** Runs `work`, which finds this tab's channels and locks in the globals. */
  readonly run: <T>(work: () => T) => T;
  /** The name by which this tab, and no other, opens the database `name`. */
  readonly nameOf: (name: string) => string;
  readonly clock: Pick<Clock, 'setTimer' | 'whenIdle' | 'afterTask'>;
  readonly deliver: (limit?: number) => Promise<void>;
  readonly loseMessages: () => void;
  readonly messages: () => number;
  /** The platform has nothing to do for it: runs what waits for that. */
  readonly beIdle: () => Promise<void>;
  readonly timers: () => number;
  /** It goes without a word: transactions under way are undone; with `isCommitLost`, committed ones too. */
  readonly crash: (isCommitLost?: boolean) => void;
  readonly isOver: () => boolean;
}

/** A browser whose tabs share a storage, channels and locks; nothing in it moves by itself. */
export interface FakeBrowser {
  readonly storage: FakeStorage;
  /** The wall clock. */
  readonly now: () => number;
  /** What a clock shows that nobody sets. */
  readonly trueNow: () => number;
  /** Sets the wall clock forth or back; no timer notices. */
  readonly jump: (ms: number) => void;
  /** Lets time go by, timer after timer; all tasks run. */
  readonly advance: (ms: number) => Promise<void>;
  /** Runs tasks of the storage, all or the first `limit`; none while it hangs. */
  readonly settle: (limit?: number) => Promise<void>;
  readonly hang: (isHanging: boolean) => void;
  readonly isHanging: () => boolean;
  /** @param onComplete is called as each transaction begins; what it returns, when that completes. */
  readonly openTab: (onComplete?: () => () => void) => FakeTab;
  /** Gives the real globals back. */
  readonly restore: () => void;
}

const start = Date.UTC(2026, 0, 31, 9, 30);

/** @param hasChannels false for a platform without `BroadcastChannel`. */
export function fakeBrowser({ hasChannels = true } = {}): FakeBrowser {
  const tasks = fakeTasks();
  const storage = fakeStorage();
  const channels = fakeChannels();
  const storages: TabStorage[] = [];
  let current: Talk | undefined;
  const timers = new Set<Timer>();
  let elapsed = 0;
  let offset = 0;
  let isHanging = false;

  const settle = (limit?: number): Promise<void> => tasks.run(isHanging ? 0 : limit);

  const openTab: FakeBrowser['openTab'] = (onComplete) => {
    const own = storage.join(onComplete);
    const suffix = `#${String(storages.push(own) - 1)}`;
    const talk = channels.join();
    let isOver = false;
    const run = <T>(work: () => T): T => {
      const before = current;
      current = talk;
      try {
        return work();
      } finally {
        current = before;
      }
    };
    const add = (then: () => void, ms: number, isIdle: boolean): (() => void) => {
      const timer: Timer = {
        at: elapsed + ms,
        tab,
        isIdle,
        run: () => {
          timers.delete(timer);
          run(then);
        },
      };
      if (!isOver) timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    };
    const timersOf = (): Timer[] => [...timers].filter((timer) => timer.tab === tab);
    const tab: FakeTab = {
      transactions: own.transactions,
      cut: own.cut,
      run,
      nameOf: (name) => name + suffix,
      clock: {
        setTimer: (then, ms) => add(then, ms, false),
        whenIdle: (then, ms) => add(then, ms, true),
        afterTask: (then) => {
          tasks.queue(() => {
            if (!isOver) run(then);
          });
        },
      },
      deliver: async (limit) => {
        run(() => {
          talk.deliver(limit);
        });
        await tasks.run(0);
      },
      loseMessages: talk.lose,
      messages: talk.waiting,
      beIdle: async () => {
        for (const timer of timersOf()) if (timer.isIdle) timer.run();
        await tasks.run(0);
      },
      timers: () => timersOf().length,
      crash: (isCommitLost = true) => {
        isOver = true;
        for (const timer of timersOf()) timers.delete(timer);
        talk.end();
        own.end(isCommitLost);
      },
      isOver: () => isOver,
    };
    return tab;
  };

  const restores: (() => void)[] = [];
  const put = (name: string, get: () => unknown): void => {
    const original = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { configurable: true, get });
    restores.push(() => {
      if (original) Object.defineProperty(globalThis, name, original);
      else Reflect.deleteProperty(globalThis, name);
    });
  };
  const indexedDB = {
    open: (name: string, version?: number) => {
      // What knows no tab is the first one's.
      const [plain, at = 0] = name.split('#') as [string, string?];
      return storages[Number(at)]!.open(plain, version);
    },
  };
  put('indexedDB', () => indexedDB);
  put('IDBKeyRange', () => IDBKeyRange);
  put('BroadcastChannel', () => (hasChannels ? current?.BroadcastChannel : undefined));
  put('navigator', () => ({ locks: current?.locks }));
  // Ids of pages must not make one run differ from the next.
  const { random } = Math;
  let seed = 1;
  Math.random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;

  return {
    storage,
    now: () => start + elapsed + offset,
    trueNow: () => start + elapsed,
    jump: (ms) => {
      offset += ms;
    },
    advance: async (ms) => {
      const end = elapsed + ms;
      const nextOf = (): Timer | undefined =>
        [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      await settle();
      for (let timer = nextOf(); timer; timer = nextOf()) {
        elapsed = Math.max(elapsed, timer.at);
        timer.run();
        await settle();
      }
      elapsed = end;
    },
    settle,
    hang: (next) => {
      isHanging = next;
    },
    isHanging: () => isHanging,
    openTab,
    restore: () => {
      for (const restore of restores) restore();
      Math.random = random;
      tasks.restore();
    },
  };
}
