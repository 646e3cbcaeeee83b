import ky, { type KyInstance } from 'ky';

export type { KyInstance };

/**
 * A ky instance over `fetch`. Its own retry and timeout are off: the client has both, and attempts
 * must not multiply.
 */
export const createApi = (fetch: typeof globalThis.fetch): KyInstance =>
  ky.create({ fetch, retry: 0, timeout: false });
