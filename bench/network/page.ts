import { quietly, tidy } from '../cache/quietly.ts';
import { checkWidgets } from './answers.ts';
import type { Ask, Protocol } from './contenders/contender.ts';
import { contenders } from './contenders/index.ts';

/** What is asked for, and when. */
export interface Plan {
  readonly ids: readonly number[];
  /** How long after the first call each call is made, in ms, in order. @default all at once */
  readonly atMs?: readonly number[];
}

/** In ms, in the order of calls. */
export interface Outcome {
  /** From the first call until each answer. */
  readonly answeredAt: readonly number[];
  /** From each call until its answer. */
  readonly took: readonly number[];
}

const lasting = new Map<string, Ask>();

function prepare(name: string, isFresh: boolean): Ask {
  const contender = contenders.find((candidate) => candidate.name === name);
  if (!contender) throw new Error(`no such contender: ${name}`);
  if (isFresh) lasting.delete(name);
  const ask = lasting.get(name) ?? contender.create();
  if (contender.isLasting) lasting.set(name, ask);
  return ask;
}

const until = async (time: number): Promise<void> => {
  const ms = time - performance.now();
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
};

/** What the benchmark asks of its page. */
const api = {
  contenders: (): { name: string; over: Protocol }[] =>
    contenders.map(({ name, over }) => ({ name, over })),

  /**
   * Makes the calls of a plan, and asserts the answers.
   *
   * @param isFresh whether nothing is known from before, as on a page just loaded
   */
  run: async (name: string, { ids, atMs }: Plan, isFresh = false): Promise<Outcome> => {
    const ask = prepare(name, isFresh);
    performance.clearResourceTimings();
    await quietly();

    const answeredAt: number[] = [];
    const took: number[] = [];
    const calls: Promise<unknown>[] = [];
    const startedAt = performance.now();
    for (const [index, id] of ids.entries()) {
      if (atMs) await until(startedAt + (atMs[index] ?? 0));
      const calledAt = performance.now();
      const call = ask(id).then((widget) => {
        const now = performance.now();
        answeredAt[index] = now - startedAt;
        took[index] = now - calledAt;
        return widget;
      });
      calls.push(call);
    }
    checkWidgets(name, ids, await Promise.all(calls));
    return { answeredAt, took };
  },

  /**
   * Has several contenders call about once a second, one after the other within the second, each a turn
   * earlier than in the second before; and asserts the answers. Resolves to what their calls took, in ms.
   */
  takeTurns: async (names: readonly string[], ids: readonly number[]): Promise<number[][]> => {
    const asks = names.map((name) => prepare(name, false));
    const took = names.map((): number[] => []);
    const startedAt = performance.now();
    for (const [second, id] of ids.entries()) {
      for (const turn of asks.keys()) {
        const who = (turn + second) % asks.length;
        await until(startedAt + (second + turn / names.length) * 1000);
        const calledAt = performance.now();
        const widget = await asks[who]?.(id);
        took[who]?.push(performance.now() - calledAt);
        checkWidgets(names[who] ?? '', [id], [widget]);
      }
    }
    return took;
  },

  tidy,
};

export type NetworkPage = typeof api;

Object.assign(globalThis, { bench: api });
