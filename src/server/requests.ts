import { toRequest, type Ask } from './item.ts';
import { lightRequestsOf, type LightRequests } from './light-request.ts';

/** Makes the requests that dispatch gets. */
export interface Requests {
  readonly create: (ask: Ask, inherited: Headers, signal: AbortSignal) => Request;
  /**
   * Whether dispatch failed with `error` because its request was not a real one. From then on, it
   * gets none but real ones.
   */
  readonly wasRefused: (ask: Ask, error: unknown) => boolean;
}

export function createRequests(): Requests {
  let known: typeof Request | null = null;
  let light: LightRequests | null = null;
  let isLightRefused = false;
  // To be asked for again after all, a request must be one that changes nothing.
  const isLight = ({ method }: Ask): boolean =>
    light !== null && (method === 'GET' || method === 'HEAD');
  return {
    create: (ask, inherited, signal) => {
      // An adapter may replace it when it starts to listen, which is later.
      if (known !== globalThis.Request) {
        known = globalThis.Request;
        light = lightRequestsOf(known);
      }
      return (isLightRefused || !isLight(ask) ? toRequest : light!.create)(ask, inherited, signal);
    },
    wasRefused: (ask, error) => {
      if (!isLight(ask) || !light!.isRefusal(error)) return false;
      isLightRefused = true;
      return true;
    },
  };
}
