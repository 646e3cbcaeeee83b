import type { CallHints, CarpoolRequestInit, ResolvedOptions } from '../core/options.ts';
import type { Bytes, Call, HeaderList, Priority } from '../core/types.ts';
import { readBody, toBody } from './body.ts';
import { baseUrl, createEndpoints, pageOrigin } from './endpoints.ts';
import {
  canCarry,
  normalizeMethod,
  refuseHeaders,
  refuseSettings,
  type BypassReason,
} from './route.ts';

/** A call that may ride, before its caller's signal and time limit are attached. */
export type Draft = Omit<Call, 'signal'>;

/** What became of the arguments of one `fetch()`. */
export type Outcome = Draft | BypassReason;

/** Reads the arguments of `fetch`; a promise only where a body has to be read first. */
export type ToCall = (
  input: RequestInfo | URL,
  init: CarpoolRequestInit | undefined,
) => Outcome | Promise<Outcome>;

const priorities: readonly Priority[] = ['critical', 'high', 'normal', 'low'];

/** A hint's own mistakes are the caller's to see, whatever `fetch` would say of the rest. */
export function checkHints({ priority }: CallHints = {}): void {
  if (priority === undefined || priorities.includes(priority)) return;
  throw new TypeError(
    `carpool.priority must be one of ${priorities.join(', ')}, got ${String(priority)}`,
  );
}

const fromInit = (priority: RequestPriority | undefined): Priority | undefined =>
  priority === 'high' || priority === 'low' ? priority : undefined;

const asRequest = (input: unknown): Request | undefined =>
  input instanceof Request ? input : undefined;

/** The signal that `fetch` would obey. */
export function signalOf(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): AbortSignal | undefined {
  const own = init?.signal;
  return (own === undefined ? asRequest(input)?.signal : own) ?? undefined;
}

/** The method that `fetch` would use. */
export const methodOf = (input: RequestInfo | URL, init: RequestInit | undefined): string =>
  normalizeMethod(String(init?.method ?? asRequest(input)?.method ?? 'GET'));

/** A body whose content is known without waiting, or undefined for one that has to be read. */
function immediateBody(body: unknown): string | Bytes | undefined {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return String(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice(0));
  if (ArrayBuffer.isView(body)) {
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  }
  return undefined;
}

/** Creates the reader of `fetch` arguments. What it throws is for native `fetch` to word. */
export function createToCall(options: ResolvedOptions): ToCall {
  const findEndpoint = createEndpoints(options.endpoint, options.origins);
  const limit = options.maxBodyBytes;

  return (input, init) => {
    const hints = init?.carpool;
    if (hints?.batch === false) return 'hint';
    const request = asRequest(input);

    const url = new URL(request ? request.url : String(input), baseUrl());
    const endpoint = findEndpoint(url.origin);
    if (!endpoint) return 'origin';
    const href = url.hash || url.href.endsWith('#') ? url.href.split('#', 1)[0]! : url.href;
    if (href === endpoint) return 'endpoint';
    if (url.username || url.password) return 'invalid';

    const method = methodOf(input, init);
    if (!canCarry(method)) return 'method';
    const rule = options.findRule(url, method);
    if (rule?.batch === false) return 'rule';

    const refused = (init && refuseSettings(init)) ?? (request && refuseSettings(request));
    if (refused) return refused;

    const own = init?.body ?? undefined;
    const inside = own === undefined && request && method !== 'GET' && method !== 'HEAD';
    const immediate = immediateBody(own);
    if (own !== undefined && immediate === undefined && !(own instanceof Blob)) return 'body';

    let headers: HeaderList = [];
    if (own !== undefined || init?.headers || request) {
      // The platform's own Request checks the arguments and drops what a page may not set.
      const filtered =
        request && own === undefined && !init?.headers
          ? request.headers
          : new Request(href, {
              method,
              ...((init?.headers ?? request?.headers) && {
                headers: (init?.headers ?? request?.headers)!,
              }),
              ...(own !== undefined && { body: own }),
            }).headers;
      headers = [...filtered];
    }
    const wrong = refuseHeaders(headers);
    if (wrong) return wrong;

    const credentials = init?.credentials ?? request?.credentials ?? 'same-origin';
    const isHome = url.origin === pageOrigin();
    const draft: Draft = {
      url: href,
      method,
      headers,
      body: null,
      // At home the two mean the same, so such calls may share a batch.
      credentials: isHome && credentials === 'include' ? 'same-origin' : credentials,
      endpoint,
      priority:
        hints?.priority ?? fromInit(init?.priority) ?? rule?.priority ?? ('normal' as const),
      dedupe: hints?.dedupe ?? rule?.dedupe ?? options.dedupe,
    };

    const withBody = (source: string | Bytes): Outcome => {
      const outcome = toBody(source, headers, limit);
      return typeof outcome === 'string' ? outcome : { ...draft, ...outcome };
    };
    if (immediate !== undefined) return withBody(immediate);
    if (own instanceof Blob) {
      if (own.size > limit) return 'body-size';
      return readBody(own, limit).then(withBody);
    }
    if (!inside || request.body === null) return draft;
    if (request.bodyUsed) return 'invalid';
    if (!headers.some(([name]) => name === 'content-type')) return 'content-type';
    // A clone is read, so that the original can still go to native `fetch` as it came.
    return readBody(request.clone(), limit).then((bytes) => {
      const outcome = withBody(bytes);
      // It rides: the original counts as used, as it does after a native `fetch`.
      if (typeof outcome !== 'string') void new Request(request);
      return outcome;
    });
  };
}
