import { BatchError } from '../core/errors.ts';
import type { BatchEvent, FallbackEvent, Level } from '../core/events.ts';
import type { Call, Clock, Handler, Layer } from '../core/types.ts';
import { isSafe } from '../http/methods.ts';

export interface BreakerParts {
  readonly clock: Pick<Clock, 'now' | 'afterTask'>;
  /** Carries a call past batching. */
  readonly sendNative: Handler;
  readonly isOnline: () => boolean;
  readonly tell: (event: FallbackEvent) => void;
}

export interface Breaker {
  readonly layer: Layer;
  /** Learns from a batch that has ended. */
  readonly learn: (event: BatchEvent) => void;
  /** Whether batches to the endpoint are to be asked for in one piece. */
  readonly isBuffered: (endpoint: string) => boolean;
}

interface State {
  level: Level;
  /** What its batches have shown, and how often in a row. */
  sign: string;
  count: number;
  /** When the level above is tried again, and how long the next wait is. */
  probeAt: number;
  cooldownMs: number;
  /** One window's calls are under way, to see whether the endpoint is back; and how many of them. */
  probing: 'no' | 'boarding' | 'under way';
  aboard: number;
}

// How many batches must fail in a row; how many must show that nothing streams.
const maxFailures = 5;
const maxSigns = 2;
const firstCooldownMs = 10_000;
const lastCooldownMs = 300_000;

// Statuses by which an endpoint says that it is none; the batch has not been looked at.
const isMissing = (status: number | undefined): boolean =>
  status === 404 || status === 405 || status === 415 || status === 501;

/** What a batch that has ended says of its endpoint; undefined for nothing. */
function signOf({ error, status = 0, delivery }: BatchEvent): string | undefined {
  if (isMissing(status)) return 'missing';
  if (status >= 500) return 'failing';
  if (error === undefined) return delivery;
  // Neither its callers' aborts and time limits, which know of no batch, nor a refusal of just this one
  // say anything of the endpoint; but for one that has not even begun to answer within their time.
  const isFailure =
    error instanceof BatchError &&
    (error.batchId !== undefined || (status === 0 && error.code === 'timeout'));
  return isFailure && (error.status ?? 0) < 400 ? 'failing' : undefined;
}

/**
 * Takes calls past an endpoint that is missing or keeps failing, and tries it again later: streamed,
 * then buffered, then unbatched, a step at a time. When it works again, it is used as it has answered.
 */
export function createBreaker({ clock, sendNative, isOnline, tell }: BreakerParts): Breaker {
  const states = new Map<string, State>();
  const stateOf = (endpoint: string): State => {
    let state = states.get(endpoint);
    if (!state) {
      state = {
        level: 'streamed',
        sign: '',
        count: 0,
        probeAt: 0,
        cooldownMs: firstCooldownMs,
        probing: 'no',
        aboard: 0,
      };
      states.set(endpoint, state);
    }
    return state;
  };

  const learn = (event: BatchEvent): void => {
    const { endpoint: url } = event;
    const state = stateOf(url);
    const wasProbe = state.probing !== 'no';
    state.probing = 'no';
    const sign = signOf(event);
    if (sign === undefined || (sign === 'failing' && !isOnline())) return;
    state.count = sign === state.sign ? state.count + 1 : 1;
    state.sign = sign;
    const wait = (): void => {
      state.probeAt = clock.now() + state.cooldownMs;
    };
    const step = (level: Level, reason: string): void => {
      state.level = level;
      state.count = 0;
      if (reason === 'recovered') state.cooldownMs = firstCooldownMs;
      wait();
      tell({ url, method: 'POST', reason, level });
    };
    const isBad = sign === 'missing' || sign === 'failing';

    if (state.level === 'unbatched') {
      if (!isBad) step(sign === 'streamed' ? 'streamed' : 'buffered', 'recovered');
      else if (wasProbe) {
        state.cooldownMs = Math.min(lastCooldownMs, 2 * state.cooldownMs);
        wait();
      }
    } else if (sign === 'missing') {
      step('unbatched', sign);
    } else if (sign === 'failing') {
      if (state.count >= maxFailures) {
        step(state.level === 'streamed' ? 'buffered' : 'unbatched', sign);
      }
    } else if (state.level === 'buffered') {
      if (sign === 'streamed') step('streamed', 'recovered');
      else if (clock.now() >= state.probeAt) {
        // It was asked to stream again, and has not.
        state.cooldownMs = Math.min(lastCooldownMs, 2 * state.cooldownMs);
        wait();
      }
    } else if (sign !== 'streamed' && state.count >= maxSigns) {
      step('buffered', sign === 'buffered' ? 'not-streamed' : 'buffered-by-proxy');
    }
  };

  /** Whether a call may board the probe: one window's safe calls, since the batch may well fail. */
  const mayProbe = (state: State, call: Call): boolean => {
    if (!isSafe(call.method) || clock.now() < state.probeAt) return false;
    if (state.probing === 'no') {
      state.probing = 'boarding';
      clock.afterTask(() => {
        if (state.probing === 'boarding') state.probing = 'under way';
      });
    }
    return state.probing === 'boarding';
  };

  const layer: Layer = (next) => async (call) => {
    const goPast = (reason: string): ReturnType<Handler> => {
      tell({ url: call.url, method: call.method, reason });
      return sendNative(call);
    };
    const state = states.get(call.endpoint);
    const isOpen = state?.level === 'unbatched';
    if (isOpen && !mayProbe(state, call)) return goPast('breaker');
    if (isOpen) state.aboard++;
    try {
      return await next(call);
    } catch (error) {
      const { code, status } = error as Partial<BatchError>;
      // Such a batch has not been looked at, so even an unsafe call may go another way.
      if (code === 'status' && isMissing(status)) return await goPast('breaker');
      if (code === 'status' && status === 413) return await goPast('too-large');
      // Nobody has to pay for a probe; its calls are all safe.
      if (isOpen && code !== undefined && !call.signal.aborted) return await goPast('breaker');
      throw error;
    } finally {
      // A lone call, and who has left, have told nothing of the endpoint.
      if (isOpen && --state.aboard === 0) state.probing = 'no';
    }
  };

  return {
    layer,
    learn,
    isBuffered: (endpoint) => {
      const state = states.get(endpoint);
      return state?.level === 'buffered' && clock.now() < state.probeAt;
    },
  };
}
