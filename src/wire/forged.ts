// What only a browser may set, and what proxies tell about the client, its identity or its URL.
const forged =
  /^(?:(?:carpool-item|connection|content-length|cookie2?|expect|forwarded|host|http2-settings|keep-alive|origin|referer|te|trailer|transfer-encoding|true-client-ip|upgrade|via)$|(?:cf|fastly|fly|proxy|sec)-|remote-user|x-(?:amzn-oidc|appengine|auth-request|azure|client|cluster|envoy|forwarded|goog-auth|middleware|ms-client-pri|original|real-ip|remote|rewrite|ssl|vercel))/;

/** Whether an item may not set the header field, so that a server refuses it; `name` is lower-case. */
export const isForged = (name: string): boolean => forged.test(name);
