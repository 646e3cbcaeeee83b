import { nativeFetch } from './native-fetch.ts';

/** Tells the test server something, or asks it. */
export const control = (path: string, origin = location.origin): Promise<Response> =>
  nativeFetch(`${origin}/t/control/${path}`);
