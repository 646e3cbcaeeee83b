import { Problem, quote } from './problem.ts';

/** Where a batch was posted to; what its items' URLs are judged by. */
export interface Site {
  /** The batch endpoint itself, absolute. */
  readonly endpoint: URL;
  /** Where relative URLs start. */
  readonly base: URL;
  /** The endpoint's path in a form that its spellings share. */
  readonly endpointKey: string;
  readonly origin: string;
}

const unwritable = /[\0-\x20\x7f\\]/;
const scheme = /^[a-z][a-z\d+.-]*:/i;
// Dot segments, with their dots and slashes percent-encoded any number of times over.
const encodedDot = '(?:\\.|%(?:25)*2e)';
const encodedSlash = '(?:[/\\\\]|%(?:25)*(?:2f|5c))';
const dotSegment = new RegExp(`(?:^|${encodedSlash})${encodedDot}{1,2}(?:$|${encodedSlash})`, 'i');

function pathKey(pathname: string): string {
  let path = pathname;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    // Not UTF-8 when decoded, so no spelling of an ordinary path.
  }
  // Routers commonly take a trailing slash and either case for the same route.
  return path.toLowerCase().replaceAll(/\/+/g, '/').replace(/\/$/, '');
}

// A path and query that are resolved already: nothing in them is encoded, or would be, no segment is
// empty or begins with a dot, and none of its spellings is another path.
const plain = /^((?:\/[\w~!$&()*+,;=:@-][\w.~!$&()*+,;=:@-]*)+)(?:\?[\w.~!$&()*+,;=:@/?%-]+)?$/;

export function createSite(url: string, serviceRoot: string | undefined): Site {
  const endpoint = new URL(url);
  return {
    endpoint,
    base: new URL(serviceRoot ?? '.', endpoint),
    endpointKey: pathKey(endpoint.pathname),
    origin: endpoint.origin,
  };
}

/**
 * Resolves an item's `url` to an absolute one on the endpoint's own origin, without a fragment.
 *
 * @throws Problem 400 if it leads elsewhere, hides where it leads, or names the batch endpoint.
 */
export function resolveItemUrl(raw: string, site: Site): string {
  const path = plain.exec(raw)?.[1];
  const isPlain = path !== undefined && path.toLowerCase() !== site.endpointKey;
  return isPlain ? site.origin + raw : resolve(raw, site);
}

function resolve(raw: string, { endpoint, base, endpointKey, origin }: Site): string {
  const refuse = (why: string): Problem => new Problem(400, `The url ${quote(raw)} ${why}`);
  if (raw === '') throw refuse('is empty; write an absolute path such as "/api/widgets/1".');
  if (unwritable.test(raw)) {
    throw refuse('has a space, a backslash or a control character in it; percent-encode them.');
  }
  if (raw.startsWith('//')) throw refuse('names another host; write an absolute path.');
  const path = raw.split(/[?#]/, 1)[0]!.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '');
  if (dotSegment.test(path)) {
    throw refuse('has a dot segment ("." or "..") in its path; write the path that it leads to.');
  }
  if (scheme.test(raw) && !/^https?:\/\/[^/]/i.test(raw)) {
    throw refuse('is no path; write an absolute path such as "/api/widgets/1".');
  }
  if (!URL.canParse(raw, base.href)) throw refuse('is not a valid URL.');
  const url = new URL(raw, base);
  // Behind a proxy that ends TLS the schemes differ, so the host decides.
  if (url.host !== endpoint.host || url.username !== '' || url.password !== '') {
    throw refuse('leads to another origin; batches are for the origin they are posted to.');
  }
  if (url.pathname.startsWith('//')) throw refuse('has a path that names another host.');
  if (pathKey(url.pathname) === endpointKey) {
    throw refuse('is the batch endpoint: a batch inside a batch is not answered.');
  }
  return origin + url.pathname + url.search;
}
