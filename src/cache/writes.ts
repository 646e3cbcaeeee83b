import type { BatchError } from '../core/errors.ts';
import type { CacheEvent } from '../core/events.ts';
import { toFilter, type Filter } from '../core/filter.ts';
import type { FindRule } from '../core/rules.ts';
import type { HeaderList, Layer } from '../core/types.ts';
import { fieldOf } from '../http/fields.ts';
import { isSafe } from '../http/methods.ts';
import type { SharedStore } from '../store/shared-store.ts';

export interface WritesParts {
  readonly forget: SharedStore['forget'];
  /** Never throws. */
  readonly findRule: FindRule;
  readonly tell: (event: CacheEvent) => void;
}

/**
 * What is told of an unsafe call that has ended.
 *
 * @param urls the one that was asked, and the one that a redirect has led to, if any.
 * @param status of its answer; left out where there is none, and nobody knows whether it has been carried out.
 */
export type Wrote = (
  urls: readonly string[],
  method: string,
  status?: number,
  headers?: HeaderList,
) => Promise<void> | undefined;

export interface Writes {
  /** What an unsafe call makes invalid, whichever road it took; wait for what it returns. */
  readonly wrote: Wrote;
  /** Says so of the unsafe calls that pass through it. */
  readonly noteWrites: Layer;
}

/**
 * What unsafe calls make invalid: their own URL, those that the answer names, and what the rule says.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-4.4
 */
export function createWrites({ forget, findRule, tell }: WritesParts): Writes {
  const wrote: Wrote = (urls, method, status = 0, headers = []) => {
    // An opaque answer, or none, tells nothing: better to ask again than to be wrong.
    if (status >= 400) return undefined;
    const changed = new Set<string>();
    const rules: Filter[] = [];
    for (const url of urls) {
      for (const value of [
        url,
        fieldOf(headers, 'location'),
        fieldOf(headers, 'content-location'),
      ]) {
        if (value === undefined || !URL.canParse(value, url)) continue;
        const other = new URL(value, url);
        other.hash = '';
        // Of another origin, a server can't speak (RFC 9111, 4.4).
        if (other.origin === new URL(url).origin) changed.add(other.href);
      }
      const { invalidates = [] } = findRule(url, method) ?? {};
      rules.push(...invalidates.map((what) => toFilter(what, url)));
    }
    const filters: Filter[] = [...[...changed].map((url) => ({ url })), ...rules];
    const gone = filters.map((filter) => forget(filter));
    const waits = gone.filter(({ isKnown }) => isKnown).map(({ done }) => done);
    for (const { url: own } of filters) if (own) tell({ url: own, outcome: 'invalidated' });
    return waits.length > 0 ? Promise.all(waits).then(() => {}) : undefined;
  };

  const noteWrites: Layer = (next) => async (call) => {
    const { url, method } = call;
    if (isSafe(method)) return next(call);
    const reply = await next(call).catch((error: unknown) => {
      // Its batch has been refused unseen; in any other case it may have been carried out.
      if ((error as Partial<BatchError> | null)?.code !== 'status') void wrote([url], method);
      throw error;
    });
    const urls = reply.redirected ? [url, reply.url] : [url];
    // Before the caller hears of it: what he asks for next must not be what he has just changed.
    await wrote(urls, method, reply.status, reply.headers);
    return reply;
  };

  return { wrote, noteWrites };
}
