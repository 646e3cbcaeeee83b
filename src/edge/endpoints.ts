/** The batch endpoint for calls to `origin`, or undefined where its calls can't ride. */
export type FindEndpoint = (origin: string) => string | undefined;

/** What relative URLs are resolved against, as `fetch` does; undefined in Node. */
export const baseUrl = (): string | undefined =>
  // A worker has no document, Node has neither.
  (globalThis as Partial<typeof globalThis>).document?.baseURI ?? pageUrl();

/** The page's own address. */
export const pageUrl = (): string | undefined =>
  (globalThis as Partial<typeof globalThis>).location?.href;

/** The page's own origin; also of a worker or a frame whose address is `blob:` or `about:srcdoc`. */
export const pageOrigin = (): string | undefined =>
  (globalThis as Partial<typeof globalThis>).origin ??
  (globalThis as Partial<typeof globalThis>).location?.origin;

/**
 * Maps an origin to its endpoint. `endpoint` is resolved against the page, `origins` get the same
 * path on theirs. Without a page (Node) a relative endpoint serves the listed origins only.
 */
export function createEndpoints(endpoint: string, origins: readonly string[]): FindEndpoint {
  let known: Map<string, string> | undefined;
  // Resolved at the first call: on a server the client may be created where there is no page.
  const resolve = (): Map<string, string> => {
    const map = new Map<string, string>();
    const add = (base?: string): void => {
      if (!URL.canParse(endpoint, base)) return;
      const url = new URL(endpoint, base);
      map.set(url.origin, url.href);
    };
    add([pageUrl(), pageOrigin()].find((base) => URL.canParse(endpoint, base)));
    const path = URL.canParse(endpoint) ? new URL(endpoint) : null;
    for (const origin of origins) {
      const url = new URL(path ? path.pathname + path.search : endpoint, origin);
      map.set(origin, url.href);
    }
    return map;
  };
  return (origin) => (known ??= resolve()).get(origin);
}
