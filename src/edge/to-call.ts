import type { ParseTtl } from '../core/cache-options.ts';
import { flag, orLeftOut, section, strings } from '../core/checks.ts';
import type { Whose } from '../core/identity.ts';
import { checkPriority } from '../core/priority.ts';
import type { CallHints, CarpoolRequestInit, ResolvedOptions } from '../core/options.ts';
import type { Bytes, Call, HeaderList, Priority } from '../core/types.ts';
import { fieldOf } from '../http/fields.ts';
import { isSafe } from '../http/methods.ts';
import { hasConditions } from '../http/validating.ts';
import { readBody, toBody } from './body.ts';
import { baseUrl, createEndpoints, pageOrigin } from './endpoints.ts';
import {
  canCarry,
  normalizeMethod,
  refuseHeaders,
  refuseSettings,
  type BypassReason,
} from './route.ts';
import { createToTarget } from './target.ts';

/** A call that may ride, before its caller's signal and time limit are attached. */
export type Draft = Omit<Call, 'signal'>;

/** What became of the arguments of one `fetch()`. */
export type Outcome = Draft | BypassReason;

/** Reads the arguments of `fetch`; a promise only where a body has to be read first. */
export type ToCall = (
  input: RequestInfo | URL,
  init: CarpoolRequestInit | undefined,
) => Outcome | Promise<Outcome>;

/** A hint's own mistakes are the caller's to see, whatever `fetch` would say of the rest. */
export function checkHints(hints: CallHints | undefined, parseTtl: ParseTtl): void {
  if (hints === undefined) return;
  const {
    priority,
    ttl,
    tags = [],
  } = section(hints, 'init.carpool', 'priority, batch, dedupe, cache, ttl, tags', orLeftOut);
  checkPriority(priority, 'carpool.priority');
  if (ttl !== undefined) parseTtl(ttl, 'carpool.ttl');
  strings(tags, 'carpool.tags');
  for (const name of ['batch', 'dedupe', 'cache'] as const)
    flag(hints[name] ?? true, `carpool.${name}`);
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
export function methodOf(input: RequestInfo | URL, init: RequestInit | undefined): string {
  const own = init?.method;
  return normalizeMethod(String(own === undefined ? (asRequest(input)?.method ?? 'GET') : own));
}

/**
 * What the platform's own `Request` makes of `init`: it checks all of its members, and drops headers
 * that a page may not set. Without the signal, which it would tie itself to.
 */
const check = (url: string, method: string, init: RequestInit, headers?: Headers): Request =>
  new Request(
    url,
    Object.create(init, {
      method: { value: method },
      signal: { value: null },
      ...(headers && { headers: { value: headers } }),
    }) as RequestInit,
  );

/**
 * Whether `init` has only members that are judged here, as most have: then there is nothing left for a
 * `Request` to check, and making one costs more than all the rest.
 */
function isPlain(init: RequestInit): boolean {
  for (const name in init) if (!/^(?:signal|method|carpool)$/.test(name)) return false;
  return Object.getPrototypeOf(init) === Object.prototype;
}

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

const none: readonly string[] = [];

/** Creates the reader of `fetch` arguments. What it throws is for native `fetch` to word. */
export function createToCall(options: ResolvedOptions, whose: Whose): ToCall {
  const findEndpoint = createEndpoints(options.endpoint, options.origins);
  const toTarget = createToTarget(baseUrl);
  const limit = options.maxBodyBytes;

  return (input, init) => {
    const hints = init?.carpool;
    if (hints?.batch === false) return 'hint';
    const signal: unknown = init?.signal ?? undefined;
    if (signal !== undefined && !(signal instanceof AbortSignal)) return 'invalid';
    const request = asRequest(input);
    // Another realm's Request, for one, would become a URL by its name.
    if (typeof input !== 'string' && !request && !(input instanceof URL)) return 'invalid';

    const target = toTarget(request ? request.url : (input as string | URL));
    const { href, origin } = target;
    const endpoint = origin === undefined ? undefined : findEndpoint(origin);
    if (!endpoint) return 'origin';
    // Whatever its query: a batch in a batch is not answered.
    if (href.split('?', 1)[0] === endpoint.split('?', 1)[0]) return 'endpoint';
    if (target.hasCredentials) return 'invalid';
    if (target.isSuspect) return 'url';

    const method = methodOf(input, init);
    if (!canCarry(method)) return 'method';
    const rule = options.findRule(href, method);
    if (rule?.batch === false) return 'rule';

    const isHome = origin === pageOrigin();
    const isCached = options.cache !== false && (hints?.cache ?? rule?.cache) !== false;
    const refused =
      (init && refuseSettings(init, isCached)) ?? (request && refuseSettings(request, isCached));
    if (refused) return refused;
    const mode = init?.cache ?? request?.cache ?? 'default';
    const isContent = mode === 'only-if-cached' || mode === 'force-cache';
    // It goes with the mode `same-origin`; where there is no page, the endpoint's origin counts.
    if (
      mode === 'only-if-cached' &&
      origin !== (pageOrigin() ?? new URL(options.endpoint).origin)
    ) {
      return 'cache';
    }

    const own = init?.body ?? undefined;
    // Firefox doesn't show whether such a Request has a body.
    const inside = own === undefined && request && !isSafe(request.method);
    if (inside && isSafe(method)) return 'method';
    const immediate = immediateBody(own);
    if (own !== undefined && immediate === undefined && !(own instanceof Blob)) return 'body';

    const given = init?.headers === undefined ? request?.headers : undefined;
    const headers: HeaderList = [
      ...((init && !isPlain(init) ? check(href, method, init, given).headers : given) ?? []),
    ];
    const wrong = refuseHeaders(headers);
    if (wrong) return wrong;

    const credentials = init?.credentials ?? request?.credentials ?? 'same-origin';
    // At home the two mean the same, so such calls may share a batch.
    const mayCarry = isHome && credentials === 'include' ? 'same-origin' : credentials;
    const draft: Draft = {
      url: href,
      method,
      headers,
      body: null,
      credentials: mayCarry,
      endpoint,
      priority:
        hints?.priority ?? fromInit(init?.priority) ?? rule?.priority ?? ('normal' as const),
      dedupe: hints?.dedupe ?? rule?.dedupe ?? options.dedupe,
      who: whose(),
      cache: isCached
        ? {
            // Who asks by conditions of his own wants the answer to them.
            mode: hasConditions(headers) && !isContent ? 'no-store' : mode,
            hinted: hints?.cache,
            ttlMs:
              hints?.ttl === undefined ? undefined : options.parseTtl(hints.ttl, 'carpool.ttl'),
            tags: hints?.tags ?? none,
            credentialed: mayCarry === 'include' || (isHome && mayCarry === 'same-origin'),
          }
        : null,
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
    if (!fieldOf(headers, 'content-type')) return 'content-type';
    // A clone is read, so that the original can still go to native `fetch`.
    return readBody(request.clone(), limit).then(withBody);
  };
}
