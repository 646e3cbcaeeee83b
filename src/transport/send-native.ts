import type { Handler } from '../core/types.ts';

/** Creates the handler that carries a call on its own, as a plain `fetch`; its body keeps streaming. */
export const createSendNative =
  (fetch: typeof globalThis.fetch): Handler =>
  async ({ url, method, headers, body, credentials, signal }) => {
    const live = await fetch(url, {
      method,
      headers: headers as [string, string][],
      body,
      credentials,
      signal,
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
