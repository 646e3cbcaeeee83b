import { toAbortSignal } from '../core/signals.ts';
import type { Call, Handler, HeaderList, Priority } from '../core/types.ts';
import { isSafe } from '../http/methods.ts';
import { hasConditions } from '../http/validating.ts';

const hints: Readonly<Record<Priority, RequestPriority>> = {
  critical: 'high',
  high: 'high',
  normal: 'auto',
  low: 'low',
};

/** Whether the call leads away from the page; elsewhere than on a page, nothing does. */
function isCrossOrigin({ url }: Call): boolean {
  const { origin } = globalThis as Partial<typeof globalThis>;
  return origin !== undefined && !url.startsWith(`${origin}/`);
}

/**
 * The headers to send. Conditions of ours would need another origin's leave (CORS preflight), so there the
 * browser's own cache has to do the asking.
 */
const headersFor = (call: Call): HeaderList =>
  call.cache && call.cache.mode !== 'no-store' && isCrossOrigin(call)
    ? call.headers.filter((field) => !hasConditions([field]))
    : call.headers;

/**
 * How the browser's own cache is to deal with a call that ours has asked for: it hears of no
 * invalidation, so it may answer only what its server confirms, and it must leave our conditions alone.
 */
function modeFor(call: Call): RequestCache {
  const { cache, method } = call;
  if (!cache) return 'default';
  if (!isSafe(method)) return cache.mode;
  if (hasConditions(headersFor(call))) return 'no-store';
  return cache.mode === 'reload' || cache.mode === 'no-store' ? cache.mode : 'no-cache';
}

/** Creates the handler that carries a call on its own, as a plain `fetch`; its body keeps streaming. */
export const createSendNative =
  (fetch: typeof globalThis.fetch): Handler =>
  async (call) => {
    const { url, method, body, credentials, signal, priority } = call;
    const live = await fetch(url, {
      method,
      headers: headersFor(call) as [string, string][],
      body,
      credentials,
      signal: toAbortSignal(signal),
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
