import { createTimers } from './timers.ts';
import type { Clock } from './types.ts';

// Not every platform has these; `lib.dom` claims the first and knows nothing of the second.
interface MaybePlatform {
  readonly requestIdleCallback?: (then: () => void, options: { timeout: number }) => number;
  readonly cancelIdleCallback?: (handle: number) => void;
  readonly setImmediate?: (then: () => void) => unknown;
}

/** The platform's time. Timer functions are looked up when used, so that fake ones take effect. */
export function createClock(): Clock {
  const platform = globalThis as unknown as MaybePlatform;
  let port: MessagePort | undefined;
  let queue: (() => void)[] = [];
  const drain = (): void => {
    const due = queue;
    queue = [];
    for (const then of due) then();
  };
  const setTimer: Clock['setTimer'] = (then, ms) => {
    // Beyond 2^31 - 1 a timer would fire at once.
    const timer = setTimeout(then, Math.min(ms, 0x7fff_ffff));
    return () => {
      clearTimeout(timer);
    };
  };
  return {
    now: () => performance.now(),
    setTimer: createTimers(setTimer),
    afterTask: (then) => {
      // Node's own; there, a MessagePort would keep the process alive.
      if (platform.setImmediate) {
        platform.setImmediate(then);
        return;
      }
      queue.push(then);
      // A message is a task of its own, without the 4 ms that nested timers are clamped to.
      if (!port) {
        const channel = new MessageChannel();
        channel.port1.onmessage = drain;
        port = channel.port2;
      }
      if (queue.length === 1) port.postMessage(null);
    },
    whenIdle: (then, boundMs) => {
      if (platform.requestIdleCallback) {
        const handle = platform.requestIdleCallback(then, { timeout: boundMs });
        return () => platform.cancelIdleCallback?.(handle);
      }
      // WebKit has no idle callbacks: a pause short beside the bound stands in.
      const timer = setTimeout(then, Math.min(boundMs, 50));
      return () => {
        clearTimeout(timer);
      };
    },
  };
}
