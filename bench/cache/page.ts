import { carpoolStore } from './carpool.ts';
import type { Contender, Reader } from './contender.ts';
import { holdBack } from './hold-back.ts';
import { burst, prepare, repeat, sequence } from './hits.ts';
import { keyvalStores } from './keyval.ts';
import { otherStores } from './others.ts';
import { quietly, tidy } from './quietly.ts';
import { tanstackStores } from './tanstack.ts';
import { checkAnswers, opening, type ReadSet } from './workload.ts';

const contenders: readonly Contender[] = [
  carpoolStore,
  ...keyvalStores,
  ...otherStores,
  ...tanstackStores,
];

function find(name: string): Contender {
  const contender = contenders.find((candidate) => candidate.name === name);
  if (contender) return contender;
  throw new Error(`no such contender: ${name}`);
}

/** A reading under way: opened, read, checked, each when it is told to, so that it is measured alone. */
let current: { readonly name: string; reader: Reader | undefined } | undefined;
let answers: readonly unknown[] = [];

function theCurrent(): NonNullable<typeof current> {
  if (current) return current;
  throw new Error('open() or approach() comes first');
}

/** What the benchmark asks of its page. */
const api = {
  contenders: (): string[] => contenders.map(({ name }) => name),

  fill: async (name: string, sets: readonly ReadSet[]): Promise<void> => {
    await find(name).fill?.(sets);
  },

  /** Makes a fresh handle, and reads something else by it, which opens the store. */
  open: async (name: string): Promise<void> => {
    const reader = find(name).create();
    checkAnswers(name, opening.ids, await reader.read(opening));
    current = { name, reader };
    await quietly();
  },

  /** Makes no handle yet: the reading does. */
  approach: async (name: string): Promise<void> => {
    current = { name, reader: undefined };
    await quietly();
  },

  /** Resolves to ms. */
  read: async (set: ReadSet): Promise<number> => {
    const reading = theCurrent();
    const startedAt = performance.now();
    reading.reader ??= find(reading.name).create();
    answers = await reading.reader.read(set);
    return performance.now() - startedAt;
  },

  /** Asserts what was read, and lets go of the store. */
  check: async (set: ReadSet): Promise<void> => {
    const { name, reader } = theCurrent();
    checkAnswers(name, set.ids, answers);
    await reader?.close?.();
    current = undefined;
  },

  tidy,
  prepare,
  sequence,
  burst,
  repeat,
  holdBack,
};

export type CachePage = typeof api;

Object.assign(globalThis, { bench: api });
