import type { CDPSession } from 'playwright';

export interface ChannelTab {
  readonly send: (method: string, params?: object) => Promise<unknown>;
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

/** DevTools' protocol with tabs that Playwright doesn't drive, passed on by the browser's own session. */
export function createChannel(session: CDPSession): Channel {
  const waiting = new Map<string, (message: Message) => void>();
  let count = 0;

  session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
    const read = JSON.parse(message) as Message;
    const key = `${sessionId} ${read.id}`;
    waiting.get(key)?.(read);
    waiting.delete(key);
  });
  // Closed, or crashed: there will be no answers.
  session.on('Target.detachedFromTarget', ({ sessionId }) => {
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
        await session.send('Target.closeTarget', { targetId });
      },
    };
  };

  return { openTab };
}
