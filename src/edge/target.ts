import { isSuspect } from './route.ts';

/** Where a call goes. */
export interface Target {
  /** Without a fragment. */
  readonly href: string;
  /** Undefined for what doesn't go over HTTP. */
  readonly origin: string | undefined;
  readonly hasCredentials: boolean;
  /** A server would suspect it of leading elsewhere than it says. */
  readonly isSuspect: boolean;
}

// A path and a query that the URL standard leaves as they are, and in which nothing is hidden.
const plain = /^(?:\/[\w~-][\w.~-]*)+\/?(?:\?[\w.~=&,:+-]*)?$/;

/**
 * Creates the reader of what `fetch` is given, against `base`. What it throws is for native `fetch` to word.
 *
 * Most pages call plain paths, and reading those takes no `URL`, which would cost more than all the rest.
 */
export function createToTarget(base: () => string | undefined): (input: string | URL) => Target {
  let lastBase: string | undefined;
  let lastOrigin: string | undefined;

  const originOf = ({ protocol, origin }: URL): string | undefined =>
    // A `blob:` URL has the origin of its page.
    protocol.startsWith('http') ? origin : undefined;

  return (input) => {
    const from = base();
    if (from !== lastBase) {
      lastBase = from;
      lastOrigin = from === undefined ? undefined : originOf(new URL(from));
    }
    if (lastOrigin !== undefined && typeof input === 'string') {
      const path = input.startsWith(lastOrigin) ? input.slice(lastOrigin.length) : input;
      if (plain.test(path)) {
        const href = lastOrigin + path;
        return { href, origin: lastOrigin, hasCredentials: false, isSuspect: false };
      }
    }
    const url = new URL(input, from);
    return {
      href: url.href.split('#', 1)[0]!,
      origin: originOf(url),
      hasCredentials: url.username !== '' || url.password !== '',
      isSuspect: isSuspect(url),
    };
  };
}
