import type { CDPSession } from 'playwright';

export interface ChannelTab {
  readonly send: (method: string, params?: object) => Promise<unknown>;
  /** Resolves when the tab is gone, also if it has gone by itself. */
  readonly close: () => Promise<void>;
}

export interface Channel {
  /** An empty tab in the browser's default profile. */
  readonly openTab: () => Promise<ChannelTab>;
}

interface Message {
  /** Absent from events. */
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Between a tab's own end and the news of it, it can't be told to close. */
function unlessGone(error: unknown): void {
  if (!String(error).includes('No target with given id')) throw error;
}

/** DevTools' protocol with tabs that Playwright doesn't drive, passed on by the browser's own session. */
export function createChannel(session: CDPSession): Channel {
  const waiting = new Map<string, (message: Message) => void>();
  /** The open tabs' sessions, and whom to tell of their end. */
  const open = new Map<string, () => void>();
  let count = 0;

  session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
    const read = JSON.parse(message) as Message;
    const key = `${sessionId} ${read.id}`;
    waiting.get(key)?.(read);
    waiting.delete(key);
  });
  // Closed, or crashed: there will be no answers.
  session.on('Target.detachedFromTarget', ({ sessionId }) => {
    open.get(sessionId)?.();
    open.delete(sessionId);
    for (const [key, answer] of waiting) {
      if (!key.startsWith(`${sessionId} `)) continue;
      answer({ error: { message: 'the tab is gone' } });
      waiting.delete(key);
    }
  });

  const openTab = async (): Promise<ChannelTab> => {
    // In a window of its own: of several tabs in one, all but the last are hidden, and so put off.
    const { targetId } = await session.send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
    });
    // Not flattened: a session of the flat kind could only be addressed by Playwright.
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
    const gone = new Promise<void>((resolve) => open.set(sessionId, resolve));

    const send = async (method: string, params: object = {}): Promise<unknown> => {
      const id = ++count;
      const answered = new Promise<Message>((resolve) => {
        waiting.set(`${sessionId} ${id}`, resolve);
      });
      const message = JSON.stringify({ id, method, params });
      await session.send('Target.sendMessageToTarget', { sessionId, message });
      const { result, error } = await answered;
      if (error) throw new Error(`${method}: ${error.message}`);
      return result;
    };

    return {
      send,
      async close() {
        // The order is answered before it is carried out, and a tab's end would be in the next one's figures.
        await Promise.all([
          session.send('Target.closeTarget', { targetId }).catch(unlessGone),
          gone,
        ]);
      },
    };
  };

  return { openTab };
}
