import { BatchError } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import type { Whose } from '../core/identity.ts';
import type { CarpoolRequestInit, ResolvedOptions } from '../core/options.ts';
import { withDeadline } from '../core/signals.ts';
import type { Clock, Handler, HeaderList, Reply } from '../core/types.ts';
import { isSafe } from '../http/methods.ts';
import { baseUrl } from './endpoints.ts';
import { isInRollout } from './rollout.ts';
import type { BypassReason } from './route.ts';
import {
  checkHints,
  createToCall,
  methodOf,
  signalOf,
  type Draft,
  type Outcome,
} from './to-call.ts';
import { toResponse } from './to-response.ts';

/** `fetch` with Carpool's hints. */
export type CarpoolFetch = (
  input: RequestInfo | URL,
  init?: CarpoolRequestInit,
) => Promise<Response>;

export interface FetchParts {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly whose: Whose;
  /** Carries the calls that can't ride. */
  readonly native: typeof globalThis.fetch;
  /** Carries those that can. */
  readonly pipeline: Handler;
  /** The answer to a call, if it is at hand, or will be without asking anybody; none where nobody wants it then. */
  readonly recall: (
    call: Draft,
    isWanted: () => boolean,
  ) => Reply | undefined | Promise<Reply | undefined>;
  /** Is told that an unsafe call begins; the result, that it ended. */
  readonly beginWrite: () => () => void;
  /**
   * Is told of each unsafe call that went past; its caller hears of the answer after this. There is no status
   * where it failed.
   */
  readonly wrote: (
    urls: readonly string[],
    method: string,
    status?: number,
    headers?: HeaderList,
  ) => Promise<void> | undefined;
  /** Keeps the window open for a call whose body is being read; the result lets go. */
  readonly hold: () => () => void;
  readonly isClosed: () => boolean;
  /** The page is going away: there is no later task to gather calls for. */
  readonly isLeaving: () => boolean;
}

/** Creates the drop-in `fetch`: tells what can ride from what can't, and turns replies into responses. */
export function createFetch(options: ResolvedOptions, parts: FetchParts): CarpoolFetch {
  const { clock, emit, native, pipeline, beginWrite, hold, isClosed, isLeaving } = parts;
  const toCall = createToCall(options, parts.whose);
  let isParticipant: boolean | undefined;

  const draft = (args: Parameters<CarpoolFetch>): Outcome | Promise<Outcome> => {
    isParticipant ??= isInRollout(options.rollout);
    if (!isParticipant) return 'rollout';
    if (isLeaving()) return 'leaving';
    // Not even a call, or members that are none: for native `fetch` to say.
    if ((args.length as number) === 0 || typeof (args[1] ?? {}) !== 'object') return 'invalid';
    try {
      return toCall(args[0], args[1] ?? undefined);
    } catch {
      return 'invalid';
    }
  };

  const bypass = (reason: BypassReason, args: Parameters<CarpoolFetch>): Promise<Response> => {
    const [input, init] = args;
    const url = input instanceof Request ? input.url : String(input);
    const method = methodOf(input, init);
    emit('fallback', { url, method, reason });
    // What a page has put in its place need not give a promise.
    const answer = Promise.resolve(native(...args));
    if (/^(?:GET|HEAD|OPTIONS|TRACE)$/.test(method) || !URL.canParse(url, baseUrl())) return answer;
    const { href } = new URL(url, baseUrl());
    return answer.then(
      async (response) => {
        const { status, headers, redirected } = response;
        const urls = redirected ? [href, response.url] : [href];
        await parts.wrote(urls, method, status, [...headers]);
        return response;
      },
      (error: unknown) => {
        void parts.wrote([href], method);
        throw error;
      },
    );
  };

  const ride = (call: Draft, signal: AbortSignal | undefined): Promise<Response> => {
    const { url, method, priority } = call;
    const startedAt = clock.now();
    let isSettled = false;
    const ended = (status?: number, error?: unknown): void => {
      isSettled = true;
      emit('call', { url, method, priority, status, error, durationMs: clock.now() - startedAt });
    };
    const deliver = (reply: Reply): Response => {
      ended(reply.status);
      return toResponse(reply, signal);
    };
    const fail = (error: unknown): never => {
      ended(undefined, error);
      throw error;
    };
    const known = parts.recall(call, () => !isSettled);
    if (known && !(known instanceof Promise)) return Promise.resolve(deliver(known));
    return withDeadline(
      () => `${method} ${url}`,
      signal,
      options.timeoutMs,
      clock,
      (own) => {
        const send = (): Promise<Reply> => pipeline({ ...call, signal: own });
        if (!known) return send();
        return known.then((reply) => {
          if (own.aborted) throw own.reason as Error;
          return reply ?? send();
        });
      },
    ).then(deliver, fail);
  };

  const go = (
    outcome: Outcome,
    args: Parameters<CarpoolFetch>,
    signal: AbortSignal | undefined,
  ): Promise<Response> =>
    typeof outcome === 'string' ? bypass(outcome, args) : ride(outcome, signal);

  const goLater = (
    outcome: Promise<Outcome>,
    args: Parameters<CarpoolFetch>,
    signal: AbortSignal | undefined,
  ): Promise<Response> => {
    const release = hold();
    const [input, init] = args;
    // A body inside a Request counts as used from here on, as with native `fetch`.
    const kept: typeof args = init?.body ? args : [new Request(input), init];
    return withDeadline(
      () => 'reading the body',
      signal,
      false,
      clock,
      () => outcome,
    )
      .then((read) => {
        const response = go(read, kept, signal);
        // A promise in a box: the window may close now, and need not wait for the answer.
        return { response };
      })
      .finally(release)
      .then(({ response }) => response);
  };

  const make = (args: Parameters<CarpoolFetch>): Promise<Response> => {
    const [input, init] = args;
    const signal = signalOf(input, init);
    // Before anything else: nothing is judged, read or used up for a call that nobody wants.
    if (signal instanceof AbortSignal && signal.aborted) throw signal.reason as Error;
    checkHints(init?.carpool, options.parseTtl);
    if (isClosed()) {
      throw new BatchError('closed', 'this carpool client has been disposed of; create another');
    }
    // Noted before a body is read: a GET made in the meantime comes after this call.
    const outcome = draft(args);
    // What is written to another origin changes nothing on this one.
    const isWrite = outcome !== 'origin' && !isSafe(methodOf(input, init));
    const send = (): Promise<Response> =>
      outcome instanceof Promise ? goLater(outcome, args, signal) : go(outcome, args, signal);
    return isWrite ? write(send) : send();
  };

  const write = async (send: () => Promise<Response>): Promise<Response> => {
    const end = beginWrite();
    try {
      return await send();
    } finally {
      end();
    }
  };

  return (...args) => {
    // Not an async function, which would make each call two promises more.
    try {
      return make(args);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}
