import type { Call, Handler, Priority } from '../core/types.ts';
import { hasConditions } from '../http/validating.ts';

const hints: Readonly<Record<Priority, RequestPriority>> = {
  critical: 'high',
  high: 'high',
  normal: 'auto',
  low: 'low',
};

/**
 * How the browser's own cache is to deal with a call that ours has asked for: it hears of no
 * invalidation, so it may answer only what its server confirms, and it must leave our conditions alone.
 */
function modeFor({ cache, method, headers }: Call): RequestCache {
  if (!cache) return 'default';
  if (method !== 'GET' && method !== 'HEAD') return cache.mode;
  if (hasConditions(headers)) return 'no-store';
  return cache.mode === 'reload' || cache.mode === 'no-store' ? cache.mode : 'no-cache';
}

/** Creates the handler that carries a call on its own, as a plain `fetch`; its body keeps streaming. */
export const createSendNative =
  (fetch: typeof globalThis.fetch): Handler =>
  async (call) => {
    const { url, method, headers, body, credentials, signal, priority } = call;
    const live = await fetch(url, {
      method,
      headers: headers as [string, string][],
      body,
      credentials,
      signal,
      priority: hints[priority],
      cache: modeFor(call),
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
