import { createCarpool, type Carpool } from '../../src/index.ts';
import type {
  BatchEvent,
  CallEvent,
  CarpoolEvents,
  CarpoolOptions,
  FallbackEvent,
} from '../../src/index.ts';
import { endpoint, fakeNetwork, type FakeNetwork, type Seen } from './fake-network.ts';

export interface ClientBench extends FakeNetwork {
  readonly carpool: Carpool;
  readonly fetch: Carpool['fetch'];
  readonly calls: CallEvent[];
  readonly batchEvents: BatchEvent[];
  readonly fallbacks: FallbackEvent[];
}

/** The URL of a path on the origin whose calls ride. */
export const url = (path: string): string => `https://app.test${path}`;

/** A client over a fake network, and what its events told. */
export function aClient(
  options: CarpoolOptions = {},
  answer?: (seen: Seen) => Response | Promise<Response>,
): ClientBench {
  const network = fakeNetwork(answer);
  const carpool = createCarpool({ endpoint, ...options });
  const gather = <Name extends keyof CarpoolEvents>(name: Name): CarpoolEvents[Name][] => {
    const events: CarpoolEvents[Name][] = [];
    carpool.on(name, (event) => events.push(event));
    return events;
  };
  return {
    ...network,
    carpool,
    fetch: carpool.fetch,
    calls: gather('call'),
    batchEvents: gather('batch'),
    fallbacks: gather('fallback'),
  };
}
