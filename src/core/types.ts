/** How urgent a call is. On the wire: RFC 9218 urgency 0, 1, 3 (absent) and 6. */
export type Priority = 'critical' | 'high' | 'normal' | 'low';

/** Header fields in order; names are lower-case. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** Bytes that no other realm or worker can change under us. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What a call asks of the cache. */
export interface CacheTerms {
  /** As the Fetch standard names them. @see https://fetch.spec.whatwg.org/#concept-request-cache-mode */
  readonly mode: RequestCache;
  /** The call's own word on how long an answer is fresh whose server doesn't say; in ms, false for not at all. */
  readonly ttlMs: number | false | undefined;
  /** The call itself, not a rule, asked for the cache. */
  readonly hinted?: boolean | undefined;
  /** Its own tags, beside those of its rule. */
  readonly tags: readonly string[];
  /** Cookies may go along. */
  readonly credentialed: boolean;
}

/** What the road needs of an `AbortSignal`, which is one. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** One call, as plain data: what remains of a `fetch()` once the edge has read its arguments. */
export interface Call {
  /** Absolute, serialised, without a fragment. */
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  /** JSON and text bodies as the text the caller gave, anything else as bytes. */
  readonly body: string | Bytes | null;
  readonly credentials: RequestCredentials;
  /** The batch endpoint of the call's origin, absolute. */
  readonly endpoint: string;
  readonly priority: Priority;
  /** Whether an identical call may share this one's flight. */
  readonly dedupe: boolean;
  /** Whose call it is, by `identity` when it was made: null for nobody's, undefined if that can't be told. */
  readonly who: string | null | undefined;
  /** Null where the cache has no part in the call. */
  readonly cache: CacheTerms | null;
  /** Aborts when the caller gives up or its time is over; the reason is what the caller gets. */
  readonly signal: Signal;
}

/** The answer to a call, as plain data, so that it can be shared, stored and compared. */
export interface Reply {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  /** Null for HEAD, for null-body statuses, and where `live` holds the body. */
  readonly body: Bytes | null;
  /** The final URL, after redirects. */
  readonly url: string;
  readonly redirected: boolean;
  /** The platform's own response, its body still arriving, when the call travelled natively. */
  readonly live?: Response | undefined;
  /** Hears the live body as its caller reads it; null at its end. */
  readonly onChunk?: ((chunk: Bytes | null) => void) | undefined;
}

export type Handler = (call: Call) => Promise<Reply>;

/** Wraps a handler: may call it twice (retry) or never (cache hit). */
export type Layer = (next: Handler) => Handler;

/** One item of a batch; `id` is its index in it. */
export interface Job {
  readonly id: number;
  readonly call: Call;
}

/** One item's answer, or why there is none. */
export type Part =
  | { readonly id: number; readonly reply: Reply; readonly error?: undefined }
  | { readonly id: number; readonly reply?: undefined; readonly error: unknown };

/** Jobs that go out together; they agree in endpoint, credentials and `Authorization`. */
export interface Batch {
  /** Names the batch in events and errors. */
  readonly id: string;
  readonly jobs: readonly Job[];
  /** Set when the page is going away: the request must outlive it. */
  readonly keepalive: boolean;
}

/** Sends a batch; delivers the parts as they arrive, in any order, and settles when there are no more. */
export type SendBatch = (
  batch: Batch,
  signal: AbortSignal,
  deliver: (part: Part) => void,
) => Promise<void>;

/** Time, passed in so that everything below runs without a real clock. */
export interface Clock {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Runs `then` in `ms` milliseconds; the result cancels it. */
  readonly setTimer: (then: () => void, ms: number) => () => void;
  /** Runs `then` when the current task and its microtasks are over; not clamped as timers are. */
  readonly afterTask: (then: () => void) => void;
  /** Runs `then` in an idle moment, after `boundMs` at the latest; the result cancels it. */
  readonly whenIdle: (then: () => void, boundMs: number) => () => void;
}
