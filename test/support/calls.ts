import type { Call, Reply } from '../../src/core/types.ts';

/** A call that may ride; its URL is under `https://app.test`. */
export const aCall = (given: Partial<Call> = {}): Call => ({
  url: 'https://app.test/api/1',
  method: 'GET',
  headers: [],
  body: null,
  credentials: 'same-origin',
  endpoint: 'https://app.test/batch',
  priority: 'normal',
  dedupe: true,
  who: null,
  cache: null,
  signal: new AbortController().signal,
  ...given,
});

/** The answer to a call. */
export const aReply = (given: Partial<Reply> = {}): Reply => ({
  status: 200,
  statusText: 'OK',
  headers: [],
  body: new Uint8Array(),
  url: 'https://app.test/api/1',
  redirected: false,
  ...given,
});

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export const textOf = (bytes: Uint8Array | null): string | null =>
  bytes && new TextDecoder().decode(bytes);
