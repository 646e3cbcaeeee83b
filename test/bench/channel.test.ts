import { EventEmitter } from 'node:events';
import type { CDPSession } from 'playwright';
import { describe, expect, test } from 'vitest';
import { createChannel } from '../../bench/harness/channel.ts';

/** A browser with one tab, which answers nothing by itself. */
function fakeBrowser(closeTarget: () => Promise<unknown> = () => Promise.resolve({})) {
  const events = new EventEmitter();
  const results: Record<string, () => Promise<unknown>> = {
    'Target.createTarget': () => Promise.resolve({ targetId: 'tab' }),
    'Target.attachToTarget': () => Promise.resolve({ sessionId: 'session' }),
    'Target.sendMessageToTarget': () => Promise.resolve({}),
    'Target.closeTarget': closeTarget,
  };
  const session = {
    on: events.on.bind(events),
    send: (method: string) => results[method]?.(),
  } as unknown as CDPSession;
  const end = (): void => void events.emit('Target.detachedFromTarget', { sessionId: 'session' });
  return { session, end };
}

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  const open = Symbol('open');
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(open)])) !== open;
};

const missing = (): Promise<never> => Promise.reject(new Error('No target with given id found'));

describe("closing a channel's tab", () => {
  test('is done when the tab is gone, not when the order is answered', async () => {
    const { session, end } = fakeBrowser();
    const { close } = await createChannel(session).openTab();
    const closed = close();
    expect(await isSettled(closed)).toBe(false);

    end();

    await expect(closed).resolves.toBeUndefined();
  });

  test('a tab that has gone already is closed', async () => {
    const { session, end } = fakeBrowser(missing);
    const { close } = await createChannel(session).openTab();
    end();

    await expect(close()).resolves.toBeUndefined();
  });

  test('so is one whose end has not been told of yet', async () => {
    const { session, end } = fakeBrowser(missing);
    const { close } = await createChannel(session).openTab();
    const closed = close();
    expect(await isSettled(closed)).toBe(false);

    end();

    await expect(closed).resolves.toBeUndefined();
  });

  test('another failure is told', async () => {
    const { session } = fakeBrowser(() => Promise.reject(new Error('no permission')));
    const { close } = await createChannel(session).openTab();

    await expect(close()).rejects.toThrow('no permission');
  });
});

test('what a tab is asked when it goes, it will never answer', async () => {
  const { session, end } = fakeBrowser();
  const { send } = await createChannel(session).openTab();
  const asked = send('Runtime.evaluate');
  await new Promise((resolve) => setImmediate(resolve));

  end();

  await expect(asked).rejects.toThrow('Runtime.evaluate: the tab is gone');
});
