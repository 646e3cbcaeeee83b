/** The page's own `fetch`, whatever a test puts over it. */
export const nativeFetch: typeof globalThis.fetch = globalThis.fetch.bind(globalThis);
