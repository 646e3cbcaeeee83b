import type { Clock } from '../core/types.ts';
import { BadAnswer, toAnswer, toProblemAnswer, type Answer } from './answer.ts';
import { cancelBody } from './bytes.ts';
import type { BatchServerEvent } from './events.ts';
import type { Ask, CreateRequest } from './item.ts';
import type { Settings } from './options.ts';
import type { Item } from './plan.ts';
import { Problem } from './problem.ts';

/** An item under way. */
export interface Running {
  /** Aborts the request that dispatch has; nothing is settled any more. */
  readonly cancel: (reason: unknown) => void;
}

/** What an item runs in. */
export interface Surroundings {
  readonly inherited: Headers;
  readonly settings: Settings;
  readonly createRequest: CreateRequest;
  readonly setTimer: Clock['setTimer'];
}

/** A failure nobody but the log may know about: the client gets a number to ask with. */
export function toFailure(
  error: unknown,
  where: { id: string | undefined; method: string; url: string },
  emit: (event: BatchServerEvent) => void,
): Problem {
  const correlationId = crypto.randomUUID();
  emit({ type: 'error', correlationId, ...where, error });
  return error instanceof BadAnswer
    ? new Problem(
        502,
        "The endpoint gave an answer that can't be passed on. The server's log has the reason under this correlation id.",
        { correlationId },
      )
    : new Problem(
        500,
        "The endpoint failed. The server's log has the reason under this correlation id.",
        { correlationId },
      );
}

/** Who waits for a response; null once nobody does. */
interface Waiting {
  current: Run | null;
}

/**
 * Waits for what may never come. The promise holds on to `waiting` and nothing else, so that one
 * that never settles keeps no batch alive; what comes too late is discarded.
 */
function waitFor(promise: Promise<Response>, waiting: Waiting): void {
  promise.then(
    (response) => {
      if (waiting.current) waiting.current.hear(response);
      else discard(response);
    },
    (error: unknown) => waiting.current?.fail(error),
  );
}

/** Stops a response that nobody reads; being late, it may also be no response at all. */
function discard(response: unknown): void {
  if (response instanceof Response) cancelBody(response);
}

/** A class, not closures: there is one for each item, and a dozen functions would be most of its cost. */
class Run implements Running {
  readonly #item: Item;
  readonly #ask: Ask;
  readonly #around: Surroundings;
  readonly #settle: (answer: Answer) => void;
  readonly #controller = new AbortController();
  readonly #waiting: Waiting = { current: this };
  #cancelTimer: (() => void) | undefined;
  /**
   * Kept for as long as it runs: in Node, once nobody holds a request, its signal hears no more of
   * the one it follows, though dispatch may hold that signal alone.
   */
  request: Request | null = null;

  constructor(item: Item, ask: Ask, around: Surroundings, settle: (answer: Answer) => void) {
    this.#item = item;
    this.#ask = ask;
    this.#around = around;
    this.#settle = settle;
  }

  start(): void {
    const { setTimer, settings } = this.#around;
    const { itemTimeoutMs } = settings;
    if (itemTimeoutMs !== false) {
      this.#cancelTimer = setTimer(() => {
        this.#timeOut(itemTimeoutMs);
      }, itemTimeoutMs);
    }
    this.#send();
  }

  cancel(reason: unknown): void {
    this.#end();
    this.#controller.abort(reason);
  }

  #timeOut(timeoutMs: number): void {
    if (this.#end()) {
      const { emit } = this.#around.settings;
      const { method, url } = this.#ask;
      emit({ type: 'timeout', id: this.#item.id, method, url, timeoutMs });
      this.#refuse(new Problem(504, `The endpoint took longer than ${String(timeoutMs)} ms.`));
    }
    this.#controller.abort(new DOMException('The item took too long.', 'TimeoutError'));
  }

  hear(response: Response): void {
    let answered: Answer | Promise<Answer>;
    try {
      answered = toAnswer(response, this.#ask.method === 'HEAD', this.#controller.signal);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (answered instanceof Promise) {
      answered.then(
        (answer) => {
          this.#succeed(answer);
        },
        (error: unknown) => {
          this.fail(error);
        },
      );
    } else this.#succeed(answered);
  }

  #send(): void {
    const { inherited, createRequest, settings } = this.#around;
    let answered: Promise<Response>;
    try {
      this.request = createRequest(this.#ask, inherited, this.#controller.signal);
      answered = Promise.resolve(settings.dispatch(this.request));
    } catch (error) {
      answered = Promise.reject(error);
    }
    waitFor(answered, this.#waiting);
  }

  #succeed(answer: Answer): void {
    if (this.#end()) this.#settle(answer);
  }

  fail(error: unknown): void {
    if (!this.#end()) return;
    const { method, url } = this.#ask;
    this.#refuse(toFailure(error, { id: this.#item.id, method, url }, this.#around.settings.emit));
  }

  #refuse(problem: Problem): void {
    this.#settle(toProblemAnswer(problem, this.#item.request, this.#around.inherited));
  }

  /** Whether it had not ended before. */
  #end(): boolean {
    if (!this.#waiting.current) return false;
    this.#waiting.current = null;
    this.#cancelTimer?.();
    return true;
  }
}

/**
 * Runs one item; `settle` is called once, unless it is cancelled first. An endpoint that throws,
 * hangs or answers nonsense costs only this item, and one that never settles is let go of.
 */
export function runItem(
  item: Item,
  ask: Ask,
  around: Surroundings,
  settle: (answer: Answer) => void,
): Running {
  const run = new Run(item, ask, around, settle);
  run.start();
  return run;
}
