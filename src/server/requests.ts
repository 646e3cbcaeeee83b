import { toRequest, type CreateRequest } from './item.ts';
import { lightRequestsOf } from './light-request.ts';

/** Creates what makes the requests that dispatch gets; light ones where they are wanted, and the platform takes any. */
export function createRequests(mayBeLight: boolean): CreateRequest {
  let known: typeof Request | null = null;
  let createLight: CreateRequest | null = null;
  return (ask, inherited, signal) => {
    // An adapter may replace it when it starts to listen, which is later.
    if (mayBeLight && known !== globalThis.Request) {
      known = globalThis.Request;
      createLight = lightRequestsOf(known);
    }
    const isBodiless = ask.method === 'GET' || ask.method === 'HEAD';
    return (isBodiless && createLight ? createLight : toRequest)(ask, inherited, signal);
  };
}
