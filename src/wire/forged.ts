// What only a browser may set, and what proxies tell about the client, its identity or its URL.
const forged =
  /^(?:(?:carpool-item|connection|content-length|cookie2?|expect|host|http2-settings|keep-alive|origin|referer|te|trailer|transfer-encoding|upgrade|via)$|(?:cf|fastly|fly|proxy|sec|true-client)-|(?:x-)?(?:forwarded|remote-)|x-(?:client-(?:cert|dn|ip)|ms-client-principal|(?:amzn-oidc|appengine|auth-request|azure|cluster|envoy|goog-authenticated|middleware|original|real|rewrite|ssl|vercel)-))/;

/** Whether an item may not set the header field, so that servers refuse it; `name` is lower-case. */
export const isForged = (name: string): boolean => forged.test(name);
