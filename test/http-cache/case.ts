import type { CarpoolOptions, CarpoolRequestInit } from '../../src/index.ts';

/** A request as the application saw it, inside a batch or alone. */
export interface Seen {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  /** It came in a batch. */
  readonly rode: boolean;
}

/** One answer of the server. */
export interface Answer {
  /** @default 200 */
  readonly status?: number;
  /** Null leaves out `Date`, which is the moment of the answer otherwise. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** @default `answer ${n}` for the server's n-th request; none where the status has none */
  readonly body?: string;
  /** Seconds that the server takes, by the clock of the test. */
  readonly takes?: number;
  /** What breaks off instead: the connection before anything was said, or the body in its middle. */
  readonly breaks?: 'connection' | 'body';
}

/** Header fields as a test expects them: a value, null for none, or one of vitest's matchers. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a call is, and what must be true of it beyond what its kind of step says. */
export interface Details {
  /** @default '/r' */
  readonly path?: string;
  /** The call is for the second server, which is another origin. */
  readonly elsewhere?: boolean;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of `init`, such as `cache`. */
  readonly init?: CarpoolRequestInit;
  /** All of it is given as a `Request`, and nothing beside it. */
  readonly asRequest?: boolean;
  /** Can't ride, whatever the road. */
  readonly past?: boolean;
  /** Of the response. */
  readonly got?: Fields;
  /** Of the (last) request that the server saw. @default no conditions */
  readonly sent?: Fields;
}

interface Call extends Details {
  readonly kind: 'call';
  /** Paths that the server is asked for, in order; by road where the two differ. */
  readonly asks: readonly string[] | Readonly<Record<Road, readonly string[]>>;
  /** Which of the server's answers the caller gets: its number, from 1; 'new' for the latest. */
  readonly gives: number | 'new' | 'rejection' | 'gateway timeout' | 'anything';
  /** A refresh follows in the background, which has come to its end when the step has. */
  readonly refreshes?: boolean;
  /** Where the response came from in the end, if not from the path that was asked for. */
  readonly finalPath?: string;
}

/** Time passes. */
interface Wait {
  readonly kind: 'wait';
  readonly seconds: number;
}

/** The server goes away, or comes back. */
interface Power {
  readonly kind: 'down' | 'up';
}

export type Step = Call | Wait | Power;

/** In a batch of one, or as lone calls go by default: natively. */
export type Road = 'batch' | 'native';

/** One row of the table. */
export interface Case {
  /** Section and what holds, such as `'9111 5.2.2.4: no-cache is validated before each reuse'`. */
  readonly name: string;
  /**
   * True where the section says MUST or MUST NOT, or the Fetch standard's algorithm leaves no choice.
   * False for SHOULD, MAY and what is left open: then the case says what Carpool chooses.
   */
  readonly required: boolean;
  /** Beyond the defaults, which all other cases run with. */
  readonly cache?: Exclude<CarpoolOptions['cache'], false>;
  readonly options?: CarpoolOptions;
  /** What the server answers, request by request; the last one for all further requests. */
  readonly answers: readonly [Scripted, ...Scripted[]];
  readonly steps: readonly Step[];
}

/** Where the servers of a case are. */
export interface Origins {
  /** The page's own. */
  readonly home: string;
  readonly elsewhere: string;
}

type Scripted = Answer | ((seen: Seen, origins: Origins) => Answer);

/** The moment at which every case begins. */
export const start: number = Date.UTC(2026, 0, 15, 12);

/** The moment some seconds after the start, as an IMF-fixdate. */
export const dateAt = (seconds: number): string => new Date(start + seconds * 1000).toUTCString();

/** An answer with this `Cache-Control`, and what else it has. */
export const says = (
  cacheControl: string,
  headers: Answer['headers'] = {},
  rest: Omit<Answer, 'headers'> = {},
): Answer => ({ ...rest, headers: { 'cache-control': cacheControl, ...headers } });

/** `304 Not Modified`. */
export const unmodified = (headers: Answer['headers'] = {}): Answer => ({ status: 304, headers });

/** An answer with this status, and nothing that the cache could go by. */
export const status = (status: number, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers,
});

export const wait = (seconds: number): Step => ({ kind: 'wait', seconds });
export const down: Step = { kind: 'down' };
export const up: Step = { kind: 'up' };

/** What the server is asked for: a fragment stays at home. */
const pathOf = ({ path = '/r' }: Details): string => path.replace(/#.*/, '');

/** A call that the server is asked for once, without conditions, and whose caller gets its answer. */
export const fetched = (details: Details = {}): Step => ({
  kind: 'call',
  asks: [pathOf(details)],
  gives: 'new',
  ...details,
});

/** A call that is answered with the server's n-th answer, and the server not asked. */
export const reused = (n: number, details: Details = {}): Step => ({
  kind: 'call',
  asks: [],
  gives: n,
  ...details,
});

/** A call for which the server is asked once, and which is answered with its n-th answer all the same. */
export const validated = (n: number, sent: Fields, details: Details = {}): Step => ({
  kind: 'call',
  asks: [pathOf(details)],
  gives: n,
  sent,
  ...details,
});

/** A call that is answered with the server's n-th answer at once, and refreshed behind its caller's back. */
export const stale = (n: number, details: Details = {}): Step => ({
  kind: 'call',
  asks: [pathOf(details)],
  gives: n,
  refreshes: true,
  ...details,
});

/** A call that fails; `asks` is how often the server was reached. */
export const rejected = (asks: 0 | 1, details: Details = {}): Step => ({
  kind: 'call',
  asks: asks ? [pathOf(details)] : [],
  gives: 'rejection',
  ...details,
});

/** A call that reaches the server, whatever becomes of it. */
export const spoilt = (details: Details = {}): Step => ({
  kind: 'call',
  asks: [pathOf(details)],
  gives: 'anything',
  ...details,
});

/** A call that the cache answers with a 504 of its own. */
export const timedOut = (details: Details = {}): Step => ({
  kind: 'call',
  asks: [],
  gives: 'gateway timeout',
  ...details,
});

/** A call that is redirected on its way; `gives` is the number of the answer that it ends with. */
export const redirected = (
  asks: Call['asks'],
  gives: Call['gives'],
  finalPath: string,
  details: Details = {},
): Step => ({ kind: 'call', asks, gives, finalPath, ...details });
