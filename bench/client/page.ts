import { quietly, tidy } from '../cache/quietly.ts';
import { checkWidgets } from '../network/answers.ts';
import type { Ask, Contender, Protocol } from '../network/contenders/contender.ts';
import { firstSmallId } from '../network/widgets.ts';
import { connected, stubbed } from './contenders.ts';
import { createStub } from './stub.ts';

const stub = createStub(globalThis.fetch.bind(globalThis));

export interface Burst {
  readonly name: string;
  readonly isStubbed: boolean;
  /** Calls at once. */
  readonly calls: number;
  /** Bursts, one after the other. */
  readonly times: number;
}

export interface BurstResult {
  /** From the first call until the last answer. */
  readonly tookMs: number;
  /** Calls that were answered. */
  readonly answered: number;
  /** Why others were not. */
  readonly failure?: string;
}

const lasting = new Map<string, Ask>();

function createAsk({ name, isStubbed }: Burst): Ask {
  const contenders: readonly Contender[] = isStubbed ? stubbed : connected;
  const contender = contenders.find((candidate) => candidate.name === name);
  if (!contender) throw new Error(`no such contender: ${name}`);
  const ask = lasting.get(name) ?? contender.create();
  if (contender.isLasting) lasting.set(name, ask);
  return ask;
}

let current: { readonly burst: Burst; readonly ids: number[]; readonly asks: Ask[] } | undefined;
let answers: readonly unknown[] = [];

function theCurrent(): NonNullable<typeof current> {
  if (current) return current;
  throw new Error('prepare() comes first');
}

async function count(calls: readonly Promise<unknown>[]): Promise<Omit<BurstResult, 'tookMs'>> {
  const settled = await Promise.allSettled(calls);
  const failed = settled.filter((call) => call.status === 'rejected');
  const failure = String(failed[0]?.reason);
  return { answered: settled.length - failed.length, ...(failed.length > 0 && { failure }) };
}

/** What the benchmark asks of its page. */
const api = {
  stubbed: (): string[] => stubbed.map(({ name }) => name),

  connected: (): { name: string; over: Protocol }[] =>
    connected.map(({ name, over }) => ({ name, over })),

  /** Makes the clients: what they cost isn't measured. */
  prepare: async (burst: Burst): Promise<void> => {
    if (burst.isStubbed) {
      globalThis.fetch = stub.fetch;
      stub.start(`${burst.name} ${burst.calls}`);
    }
    const ids = Array.from({ length: burst.calls }, (_, index) => firstSmallId + index);
    const asks = Array.from({ length: burst.times }, () => createAsk(burst));
    current = { burst, ids, asks };
    performance.clearResourceTimings();
    await quietly();
  },

  run: async (): Promise<BurstResult> => {
    const { asks, ids } = theCurrent();
    let calls: Promise<unknown>[] = [];
    const startedAt = performance.now();
    try {
      for (const ask of asks) {
        calls = ids.map(ask);
        answers = await Promise.all(calls);
      }
      return { tookMs: performance.now() - startedAt, answered: ids.length };
    } catch {
      return { tookMs: performance.now() - startedAt, ...(await count(calls)) };
    }
  },

  /** Asserts what was answered last, and lets go of it. */
  check: (): void => {
    const { burst, ids } = theCurrent();
    checkWidgets(burst.name, ids, answers);
    if (burst.isStubbed) stub.end();
    current = undefined;
    answers = [];
  },

  tidy,
};

export type ClientPage = typeof api;

Object.assign(globalThis, { bench: api });
