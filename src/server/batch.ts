import { createTimers } from '../core/timers.ts';
import { toProblemAnswer, type Answer } from './answer.ts';
import type { CreateRequest } from './item.ts';
import type { Settings } from './options.ts';
import { planGroups, type Group, type Item } from './plan.ts';
import { Problem, quote } from './problem.ts';
import { runItem, type Running, type Surroundings } from './run-item.ts';
import { createSchedule } from './schedule.ts';
import type { WireStats } from './schemas.ts';

/** Where a batch's answers go. */
export interface Sink {
  /** Whether there is room for another item's answer; asked before each is started. */
  readonly hasRoom: () => boolean;
  /** Takes the answer that the items at `indices` share. */
  readonly take: (indices: readonly number[], answer: Answer) => void;
  /** Called once, after the last answer. */
  readonly end: (stats: WireStats) => void;
}

/** A batch under way. */
export interface Batch {
  /** Starts what may start; called again when the sink has room. */
  readonly pump: () => void;
  /** Aborts what runs and starts no more; the sink hears nothing further. */
  readonly cancel: (reason: unknown) => void;
}

const toTenths = (ms: number): number => Math.round(ms * 10) / 10;

/** Runs a batch's items into a sink, in order of urgency and at most `concurrency` at once. */
export function createBatch(
  items: readonly Item[],
  inherited: Headers,
  settings: Settings,
  createRequest: CreateRequest,
  sink: Sink,
): Batch {
  const began = performance.now();
  const groups = planGroups(items, inherited, settings);
  const schedule = createSchedule(items, groups);
  const running = new Set<Running>();
  // Those that start together share one.
  const setTimer = createTimers((run, ms) => {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  });
  const around: Surroundings = { inherited, settings, createRequest, setTimer };
  let left = items.length;
  let failed = 0;
  let cacheHits = 0;
  let dispatched = 0;
  let dispatchedMs = 0;
  let isOver = false;

  const settle = (group: Group, answer: Answer): void => {
    // A list, not recursion: a chain of dependents may be as long as the batch.
    const due = [{ group, answer }];
    for (const { group: settled, answer: given } of due) {
      const hasFailed = given.status >= 400;
      sink.take(settled.items, given);
      left -= settled.items.length;
      if (hasFailed) failed += settled.items.length;
      for (const { group: dependent, failed: index } of schedule.settle(settled, hasFailed)) {
        const status = String(given.status);
        const problem = new Problem(
          424,
          `Not run, because item ${quote(items[index]!.id)}, which it depends on, answered ${status}.`,
        );
        const { request } = items[dependent.items[0]!]!;
        due.push({ group: dependent, answer: toProblemAnswer(problem, request, inherited) });
      }
    }
  };

  const start = (group: Group): void => {
    const item = items[group.items[0]!]!;
    const { ask, request } = item;
    if (ask instanceof Problem) {
      settle(group, toProblemAnswer(ask, request, inherited));
      return;
    }
    const startedAt = performance.now();
    dispatched++;
    const run = runItem(item, ask, around, (answer) => {
      running.delete(run);
      dispatchedMs += performance.now() - startedAt;
      if (answer.isCacheHit) cacheHits++;
      settle(group, answer);
      pump();
    });
    running.add(run);
  };

  const pump = (): void => {
    while (!isOver && running.size < settings.concurrency && sink.hasRoom()) {
      const group = schedule.next();
      if (group === null) break;
      start(group);
    }
    if (left > 0 || isOver) return;
    isOver = true;
    const deduplicated = items.length - groups.length;
    const stats = {
      total: items.length,
      succeeded: items.length - failed,
      failed,
      deduplicated,
      cacheHits,
      durationMs: toTenths(performance.now() - began),
      averageMs: dispatched === 0 ? 0 : toTenths(dispatchedMs / dispatched),
      processedAt: new Date().toISOString(),
    };
    settings.onStats(stats);
    sink.end(stats);
  };

  return {
    pump,
    cancel: (reason) => {
      isOver = true;
      for (const run of running) run.cancel(reason);
      running.clear();
    },
  };
}
