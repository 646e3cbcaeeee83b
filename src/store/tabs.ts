import type { Filter } from '../core/filter.ts';
import type { Row } from './pages.ts';

/** What tabs tell each other. */
export type News =
  /** These responses are not to be used any more. */
  | { readonly kind: 'forget'; readonly filter: Filter }
  /** The private part is now `owner`'s; what belonged to `previous` is not to be used any more. */
  | { readonly kind: 'owner'; readonly owner: string | null; readonly previous: string | null }
  /** These have been written to the disk. */
  | { readonly kind: 'written'; readonly rows: readonly Row[] };

export interface Tabs {
  /** Whether other tabs' news come here at all. */
  readonly hearsOthers: boolean;
  readonly tell: (news: News) => void;
  /** Runs `work` unless another tab is doing the same; resolves when it has ended, or at once. */
  readonly alone: (what: string, work: () => Promise<void>) => Promise<void>;
  /** Neither tells nor hears anything from now on. */
  readonly close: () => void;
  /** Does so again, where it has been closed. */
  readonly open: () => void;
}

/** One tab by itself. */
const byItself: Tabs = {
  hearsOthers: false,
  tell: () => {},
  alone: (_, work) => work(),
  close: () => {},
  open: () => {},
};

/**
 * Joins the tabs whose clients have the same `name`; `onNews` hears what the others tell.
 *
 * @see https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts
 * @see https://w3c.github.io/web-locks/
 */
export function joinTabs(name: string, onNews: (news: News) => void): Tabs {
  // A server has no tabs, though it may have channels.
  const { BroadcastChannel, indexedDB } = globalThis as Partial<typeof globalThis>;
  if (!BroadcastChannel || !indexedDB) return byItself;
  let channel: BroadcastChannel | undefined;
  const open = (): void => {
    if (channel) return;
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }: MessageEvent<News>) => {
      onNews(data);
    };
    // In Node it would keep the process alive.
    (channel as { unref?: () => void }).unref?.();
  };
  try {
    open();
  } catch {
    // Firefox refuses it where it refuses cookies.
    return byItself;
  }
  // Absent on insecure pages.
  const { locks } =
    (globalThis as Partial<typeof globalThis>).navigator ?? ({} as Partial<Navigator>);
  return {
    hearsOthers: true,
    tell: (news) => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
      channel?.postMessage(news);
    },
    alone: async (what, work) => {
      if (!locks) return work();
      let isTried = false;
      try {
        await locks.request(`${name} ${what}`, { ifAvailable: true }, async (lock) => {
          isTried = true;
          if (lock) await work();
        });
      } catch (error) {
        if (isTried) throw error;
        // A frame that may have no locks.
        await work();
      }
    },
    close: () => {
      channel?.close();
      channel = undefined;
    },
    open,
  };
}
