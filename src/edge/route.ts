import type { HeaderList } from '../core/types.ts';
import { isForged } from '../wire/forged.ts';

/** Why a call went to native `fetch`. */
export type BypassReason =
  /** The session is outside `rollout`. */
  | 'rollout'
  /** The page is going away. */
  | 'leaving'
  /** The rule or the hint says `batch: false`. */
  | 'rule'
  | 'hint'
  /** The arguments are not valid: native `fetch` words the error. */
  | 'invalid'
  | 'origin'
  | 'endpoint'
  /** A URL that servers refuse in an item, since it could hide where it leads. */
  | 'url'
  | 'method'
  | 'mode'
  | 'cache'
  | 'redirect'
  | 'referrer'
  | 'integrity'
  | 'keepalive'
  /** `Range`, an `Accept` that asks for an event stream, or what servers refuse in an item. */
  | 'header'
  /** A stream, `FormData`, a used body. */
  | 'body'
  | 'body-size'
  /** A body without a media type, or one that is not what its media type says. */
  | 'content-type';

/** The members of `RequestInit` and `Request` that decide whether a call may ride. */
export type Settings = Pick<
  RequestInit,
  'mode' | 'cache' | 'redirect' | 'referrer' | 'referrerPolicy' | 'integrity' | 'keepalive'
>;

const methods: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
]);

/**
 * The method as `fetch` sends it: upper-cased, but for `patch`, which the standard leaves alone.
 *
 * @see https://fetch.spec.whatwg.org/#concept-method-normalize
 */
export function normalizeMethod(method: string): string {
  const upper = method.toUpperCase();
  return upper !== 'PATCH' && methods.has(upper) ? upper : method;
}

/** Whether the wire knows the method. */
export const canCarry = (method: string): boolean => methods.has(method);

// A host in disguise; a dot segment behind encoded slashes, or encoded itself.
const disguised = /^\/\/|%(?:25)*(?:2e|(?:2f|5c)\.)|\.%(?:25)*(?:2f|5c)/i;

/** Whether a server would suspect the URL of leading elsewhere than it says. */
export const isSuspect = ({ pathname, search }: URL): boolean =>
  disguised.test(pathname) || search.includes('\\');

/**
 * Why these settings keep a call from riding, or null. An item has no way to ask for them; cache modes are
 * for the client's own cache, if it has one.
 */
export function refuseSettings(of: Settings, isCached: boolean): BypassReason | null {
  // What `only-if-cached` demands: it never gets to another origin.
  const isOnly = isCached && of.cache === 'only-if-cached' && of.mode === 'same-origin';
  if (of.mode && of.mode !== 'cors' && !isOnly) return 'mode';
  if (
    of.cache &&
    of.cache !== 'default' &&
    !(isCached && (isOnly || of.cache !== 'only-if-cached'))
  ) {
    return 'cache';
  }
  if (of.redirect && of.redirect !== 'follow') return 'redirect';
  if (of.referrerPolicy || (of.referrer !== undefined && of.referrer !== 'about:client')) {
    return 'referrer';
  }
  if (of.integrity) return 'integrity';
  return of.keepalive ? 'keepalive' : null;
}

/** Why these headers keep a call from riding, or null: servers refuse them, or the answer is endless. */
export function refuseHeaders(headers: HeaderList): BypassReason | null {
  for (const [name, value] of headers) {
    if (
      isForged(name) ||
      name === 'range' ||
      (name === 'accept' && /text\/event-stream/i.test(value))
    ) {
      return 'header';
    }
  }
  return null;
}
