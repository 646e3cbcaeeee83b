import type { Difference } from './differences.ts';
import type { Stage } from './stage.ts';

export type Fetch = typeof globalThis.fetch;

/** How a call travels: in a batch, to native `fetch` untouched, or nowhere, being refused at once. */
export type Road = 'rides' | 'past' | 'nowhere';

interface Common {
  /** What behaves as it does natively. */
  readonly name: string;
  /** @default 'rides' */
  readonly road?: Road;
  /** How many requests it takes. @default 1 */
  readonly legs?: number;
  /** Where the two ways are known to differ. */
  readonly differs?: {
    readonly by: Difference;
    /** Turns what is seen natively into what is seen of a call that rides: exactly that differs. */
    readonly as: (native: unknown) => unknown;
  };
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
