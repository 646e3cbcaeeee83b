import type { CarpoolOptions } from '../../../src/index.ts';
import type { Difference } from './differences.ts';
import type { Stage } from './stage.ts';

export type Fetch = typeof globalThis.fetch;

/** How a call travels: in a batch, to native `fetch` untouched, or nowhere, being refused at once. */
export type Road = 'rides' | 'past' | 'nowhere';

/** One of the known differences, and exactly what differs. */
export interface Differs {
  readonly by: Difference;
  /** Turns what is seen natively into what is seen of a call that rides. */
  readonly as: (native: unknown) => unknown;
  /** Set where a server that answers as a whole makes no difference. */
  readonly onlyStreamed?: boolean;
}

interface Common {
  /** What behaves as it does natively. */
  readonly name: string;
  /** @default 'rides' */
  readonly road?: Road;
  /** How many requests it takes. @default 1 */
  readonly legs?: number;
  /** What the client needs to be told, beside its way. */
  readonly options?: CarpoolOptions;
  /** The origin whose calls ride; the page's own unless given. */
  readonly origin?: string;
  /** Where the two ways are known to differ. */
  readonly differs?: Differs;
}

/** One call, and what its caller looks at. */
export interface OneCall extends Common {
  /** The arguments of `fetch`, made anew for each way. */
  readonly args: (stage: Stage) => Parameters<Fetch>;
  /** @default everything */
  readonly see?: (response: Response) => unknown;
}

/** What takes more than one call, or an abort on the way. */
export interface Scene extends Common {
  readonly play: (fetch: Fetch, stage: Stage) => unknown;
}

export type ParityCase = OneCall | Scene;
