import { BadAnswer, toAnswer, toProblemAnswer, type Answer } from './answer.ts';
import type { BatchServerEvent } from './events.ts';
import type { Deadline } from './deadline.ts';
import type { Ask } from './item.ts';
import type { Settings } from './options.ts';
import type { Item } from './plan.ts';
import { Problem } from './problem.ts';
import type { Requests } from './requests.ts';

/** An item under way. */
export interface Running {
  /**
   * Kept for as long as it runs: in Node, once nobody holds a request, its signal hears no more of
   * the one it follows, though dispatch may hold that signal alone.
   */
  request: Request | null;
  /** Aborts the request that dispatch has; nothing is settled any more. */
  readonly cancel: (reason: unknown) => void;
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
  current: {
    readonly hear: (response: Response) => void;
    readonly fail: (error: unknown) => void;
  } | null;
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
  if (response instanceof Response) response.body?.cancel().catch(() => {});
}

/**
 * Runs one item; `settle` is called once, unless it is cancelled first. An endpoint that throws,
 * hangs or answers nonsense costs only this item, and one that never settles is let go of.
 */
export function runItem(
  { id, request: asked }: Item,
  ask: Ask,
  inherited: Headers,
  { dispatch, itemTimeoutMs, emit }: Settings,
  requests: Requests,
  deadline: Deadline,
  settle: (answer: Answer) => void,
): Running {
  const { method, url } = ask;
  const controller = new AbortController();
  const { signal } = controller;
  let isSettled = false;
  let isAskedAgain = false;

  const refuse = (problem: Problem): Answer => toProblemAnswer(problem, asked, inherited);
  const finish = (toResult: () => Answer): void => {
    if (isSettled) return;
    isSettled = true;
    waiting.current = null;
    deadline.remove(timeOut);
    settle(toResult());
  };
  const fail = (error: unknown): void => {
    finish(() => refuse(toFailure(error, { id, method, url }, emit)));
  };
  const succeed = (answer: Answer): void => {
    finish(() => answer);
  };
  const hear = (response: Response): void => {
    let answered: Answer | Promise<Answer>;
    try {
      answered = toAnswer(response, method === 'HEAD', signal);
    } catch (error) {
      fail(error);
      return;
    }
    if (answered instanceof Promise) answered.then(succeed, fail);
    else succeed(answered);
  };
  const failDispatch = (error: unknown): void => {
    if (isAskedAgain || !requests.wasRefused(ask, error)) fail(error);
    else {
      isAskedAgain = true;
      send();
    }
  };
  const timeOut = (): void => {
    finish(() => {
      emit({ type: 'timeout', id, method, url, timeoutMs: Number(itemTimeoutMs) });
      return refuse(new Problem(504, `The endpoint took longer than ${String(itemTimeoutMs)} ms.`));
    });
    controller.abort(new DOMException('The item took too long.', 'TimeoutError'));
  };
  const waiting: Waiting = { current: { hear, fail: failDispatch } };
  const running: Running = {
    request: null,
    cancel: (reason) => {
      isSettled = true;
      waiting.current = null;
      deadline.remove(timeOut);
      controller.abort(reason);
    },
  };

  const send = (): void => {
    let answered: Promise<Response>;
    try {
      running.request = requests.create(ask, inherited, signal);
      answered = Promise.resolve(dispatch(running.request));
    } catch (error) {
      answered = Promise.reject(error);
    }
    waitFor(answered, waiting);
  };

  deadline.add(timeOut);
  send();
  return running;
}
