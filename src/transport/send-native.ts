import type { Handler, Priority } from '../core/types.ts';

const hints: Readonly<Record<Priority, RequestPriority>> = {
  critical: 'high',
  high: 'high',
  normal: 'auto',
  low: 'low',
};

/** Creates the handler that carries a call on its own, as a plain `fetch`; its body keeps streaming. */
export const createSendNative =
  (fetch: typeof globalThis.fetch): Handler =>
  async ({ url, headers, priority, ...rest }) => {
    const live = await fetch(url, {
      ...rest,
      headers: headers as [string, string][],
      priority: hints[priority],
    });
    return {
      status: live.status,
      statusText: live.statusText,
      headers: [...live.headers],
      body: null,
      url: live.url,
      redirected: live.redirected,
      live,
    };
  };
