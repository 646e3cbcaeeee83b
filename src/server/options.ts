import { flag, invalid, positiveInteger, section, strings } from '../core/checks.ts';
import { parseLimit, type Duration } from '../core/durations.ts';
import type { Priority } from '../core/types.ts';
import { logToConsole, toSafeListener, type BatchServerEvent } from './events.ts';
import type { WireStats } from './schemas.ts';

/** What `createBatchHandler` takes; every member but `dispatch` has a default. */
export interface BatchHandlerOptions {
  /**
   * Answers one item: your application's own `fetch`, such as Hono's `app.fetch`. Its request is
   * always for the batch endpoint's own origin, carries the batch's shared headers and its item's
   * own, and has a `signal` that aborts when the client is gone or the item's time is over.
   */
  readonly dispatch: (request: Request) => Response | Promise<Response>;
  /** The most items in one batch; a larger one is answered 413. @default 100 */
  readonly maxItems?: number | undefined;
  /** The most bytes in a batch's body once decompressed; a larger one is answered 413. @default 1048576 */
  readonly maxBytes?: number | undefined;
  /**
   * The most nested arrays and objects, counted from the envelope's own. An item whose body is
   * deeper is answered 400; a batch that is too deep elsewhere is refused.
   *
   * @default 64
   */
  readonly maxDepth?: number | undefined;
  /** The most bytes of header names and values in one item; one with more is answered 431. @default 8192 */
  readonly maxHeaderBytes?: number | undefined;
  /** The most items of one batch that run at once. @default 20 */
  readonly concurrency?: number | undefined;
  /** How long an item may take, its body included, until it is answered 504; false for no limit. @default '30s' */
  readonly itemTimeout?: Duration | false | undefined;
  /** Run identical GET and HEAD items of one batch once, and answer each. @default true */
  readonly dedupe?: boolean | undefined;
  /**
   * How urgent an item is that has no `priority` field, told by its method and absolute URL.
   *
   * @default 'normal' for all
   */
  readonly priority?: ((method: string, url: string) => Priority) | undefined;
  /**
   * Other origins whose pages may post batches, such as `'https://app.example.com'`. This only lets
   * them in: the CORS fields come from your application. @default []
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /**
   * Header fields that an item can't set, beyond those of the protocol: name every field that your
   * proxy adds and your application trusts, such as `'x-remote-user'`. @default []
   */
  readonly protectedHeaders?: readonly string[] | undefined;
  /** Compress answers with gzip, where the platform has `node:zlib`. @default true */
  readonly compression?: boolean | undefined;
  /** How long a stream is silent until it sends an empty line; false for never. @default '15s' */
  readonly heartbeat?: Duration | false | undefined;
  /**
   * Give GET and HEAD items requests as light as those that `@hono/node-server` itself gives its application, where
   * that stands: they cost a fraction, and make a real one when more is asked of them. For an application that
   * answers by itself; the platform's own `fetch(request)` takes none of them, here as there.
   *
   * @default false
   */
  readonly lightRequests?: boolean | undefined;
  /**
   * The path that relative item URLs (`users/1`, from OData clients) start at.
   *
   * @default the batch endpoint's own directory
   */
  readonly serviceRoot?: string | undefined;
  /**
   * Hears of failures (with the correlation id that the client was given), time-outs, cookies that
   * a stream had to drop, and refused batches. @default failures and dropped cookies go to the console
   */
  readonly onEvent?: ((event: BatchServerEvent) => void) | undefined;
  /** Hears the figures of each batch that was answered to its end, as the client gets them. @default nobody */
  readonly onStats?: ((stats: BatchStats) => void) | undefined;
}

/** The figures of a batch: how its items fared, and how long they took in milliseconds. */
export type BatchStats = Omit<WireStats, 'droppedSetCookie'>;

/** Options with every default filled in; durations in milliseconds. */
export interface Settings {
  readonly dispatch: (request: Request) => Response | Promise<Response>;
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxHeaderBytes: number;
  readonly concurrency: number;
  readonly itemTimeoutMs: number | false;
  readonly dedupe: boolean;
  readonly priority: (method: string, url: string) => Priority;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly protectedHeaders: ReadonlySet<string>;
  readonly compression: boolean;
  readonly heartbeatMs: number | false;
  readonly lightRequests: boolean;
  readonly serviceRoot: string | undefined;
  readonly emit: (event: BatchServerEvent) => void;
  readonly onStats: (stats: BatchStats) => void;
}

// A timer beyond this fires at once (HTML, timers: a signed 32-bit integer).
const longestTimerMs = 2_147_483_647;

function timer(value: Duration | false, name: string): number | false {
  const ms = parseLimit(value, name);
  if (ms === false || (ms > 0 && ms <= longestTimerMs)) return ms;
  throw invalid(`${name} must be more than 0 and at most 24 days`, value, RangeError);
}

function toOrigin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url && url.origin !== 'null') return url.origin;
  throw invalid("allowedOrigins must be origins such as 'https://app.example.com'", value);
}

/**
 * Fills in defaults and checks each value.
 *
 * @throws TypeError or RangeError naming the option and the value received.
 */
export function resolveOptions(given: BatchHandlerOptions): Settings {
  const {
    dispatch,
    maxItems = 100,
    maxBytes = 1_048_576,
    maxDepth = 64,
    maxHeaderBytes = 8192,
    concurrency = 20,
    itemTimeout = '30s',
    dedupe = true,
    priority = () => 'normal',
    allowedOrigins = [],
    protectedHeaders = [],
    compression = true,
    heartbeat = '15s',
    lightRequests = false,
    serviceRoot,
    onEvent = logToConsole,
    onStats = () => {},
  } = section(
    given,
    'the options',
    'dispatch, maxItems, maxBytes, maxDepth, maxHeaderBytes, concurrency, itemTimeout, dedupe, priority, allowedOrigins, protectedHeaders, compression, heartbeat, lightRequests, serviceRoot, onEvent, onStats',
  );
  if (typeof dispatch !== 'function') {
    throw invalid('dispatch must be a function of a Request', dispatch);
  }
  if (typeof onEvent !== 'function') {
    throw invalid('onEvent must be a function of an event', onEvent);
  }
  if (typeof priority !== 'function') {
    throw invalid('priority must be a function of a method and a URL', priority);
  }
  if (typeof onStats !== 'function') {
    throw invalid("onStats must be a function of a batch's figures", onStats);
  }
  if (serviceRoot !== undefined && !/^\/(?!\/)/.test(serviceRoot)) {
    throw invalid("serviceRoot must be a path such as '/api/'", serviceRoot);
  }
  return {
    dispatch,
    maxItems: positiveInteger(maxItems, 'maxItems'),
    maxBytes: positiveInteger(maxBytes, 'maxBytes'),
    maxDepth: positiveInteger(maxDepth, 'maxDepth'),
    maxHeaderBytes: positiveInteger(maxHeaderBytes, 'maxHeaderBytes'),
    concurrency: positiveInteger(concurrency, 'concurrency'),
    itemTimeoutMs: timer(itemTimeout, 'itemTimeout'),
    dedupe: flag(dedupe, 'dedupe'),
    priority,
    allowedOrigins: new Set(strings(allowedOrigins, 'allowedOrigins').map(toOrigin)),
    protectedHeaders: new Set(
      strings(protectedHeaders, 'protectedHeaders').map((name) => name.toLowerCase()),
    ),
    compression: flag(compression, 'compression'),
    heartbeatMs: timer(heartbeat, 'heartbeat'),
    lightRequests: flag(lightRequests, 'lightRequests'),
    serviceRoot: serviceRoot?.replace(/\/*$/, '/'),
    emit: toSafeListener(onEvent, 'onEvent'),
    onStats: toSafeListener(onStats, 'onStats'),
  };
}
