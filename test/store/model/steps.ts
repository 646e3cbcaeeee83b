import * as fc from 'fast-check';
import type { Invalidation } from '../../../src/core/filter.ts';
import type { ResolvedRule } from '../../../src/core/rules.ts';
import type { Fault } from '../../support/fake-storage.ts';
import type { Control, Outage, Policy } from './server.ts';

const origin = 'https://app.test';
export const urls: readonly string[] = ['/api/a', '/api/b', '/other/c?x=1'].map(
  (path) => origin + path,
);
const [a, b, c] = urls as [string, string, string];

export interface Get {
  readonly do: 'get';
  readonly tab: number;
  readonly url: string;
  readonly method: 'GET' | 'HEAD';
  readonly mode: RequestCache;
  readonly credentials: 'omit' | 'same-origin';
  readonly auth: string | undefined;
  readonly language: string | undefined;
  readonly ttlMs: number | false | undefined;
  readonly tags: readonly string[];
  /** It lands at once, or waits for a step; the server looks at it when it comes, or when it lands. */
  readonly isLate: boolean;
  readonly isEarly: boolean;
  /** It looks for the short way first, as the edge does. */
  readonly isShort: boolean;
  /** What the network does to this one, whatever it does to others. */
  readonly outage: Outage;
}

/** A plain one, which lands at once. */
export const aGet: Get = {
  do: 'get',
  tab: 0,
  url: urls[0]!,
  method: 'GET',
  mode: 'default',
  credentials: 'omit',
  auth: undefined,
  language: undefined,
  ttlMs: undefined,
  tags: [],
  isLate: false,
  isEarly: false,
  isShort: false,
  outage: null,
};

export interface Write {
  readonly do: 'write';
  readonly tab: number;
  readonly url: string;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly status: number;
  readonly location: string | undefined;
  readonly isLate: boolean;
  readonly isEarly: boolean;
  /** By another road, of which the cache is told. */
  readonly isPast: boolean;
}

export type Step = {
  /** How many tasks of the storage are run after it; all where it doesn't say. */
  readonly pump?: number | undefined;
  /** What goes wrong in the storage meanwhile, once. */
  readonly fault?: Fault | undefined;
} & (
  | Get
  | Write
  | { readonly do: 'land' | 'abort'; readonly which: number }
  | { readonly do: 'invalidate'; readonly tab: number; readonly what: number }
  | {
      readonly do: 'identity';
      readonly tab: number;
      readonly who: string | null | undefined;
      /** Its cache is told, by a call. */
      readonly isNoticed: boolean;
    }
  /** Gets all URLs, and has them written. */
  | { readonly do: 'fill'; readonly tab: number; readonly credentials: Get['credentials'] }
  /** Somebody else for a while; what was under way lands meanwhile. */
  | { readonly do: 'visit'; readonly tab: number; readonly who: string | null }
  /** A get that something invalidated meets, before it lands or after; what is there then is asked for. */
  | {
      readonly do: 'meet';
      readonly tab: number;
      readonly url: string;
      readonly mode: 'default' | 'no-cache';
      readonly outage: Outage;
      readonly what: number;
      readonly isBefore: boolean;
    }
  /** The user of both tabs goes and comes back in the other, while this one has yet to write what he was given. */
  | { readonly do: 'part'; readonly tab: number; readonly url: string }
  /** What the other has written is invalidated, here or there, in a row with something else, and asked for at once. */
  | {
      readonly do: 'hurry';
      readonly tab: number;
      readonly url: string;
      readonly isReopened: boolean;
      readonly isOwn: boolean;
    }
  /** A tab that reads from the disk learns there of what the other has invalidated. */
  | { readonly do: 'learn'; readonly tab: number }
  /** A tab is asleep while the other invalidates something. */
  | { readonly do: 'miss'; readonly tab: number; readonly url: string; readonly what: number }
  | { readonly do: 'change'; readonly url: string }
  | { readonly do: 'policy'; readonly url: string; readonly policy: Policy }
  | { readonly do: 'outage'; readonly outage: Outage }
  | { readonly do: 'online'; readonly isOnline: boolean }
  | { readonly do: 'advance' | 'jump'; readonly ms: number }
  | { readonly do: 'idle' | 'flush' | 'deliver' | 'sleep' | 'cut'; readonly tab: number }
  | { readonly do: 'crash'; readonly tab: number; readonly isCommitLost: boolean }
  | { readonly do: 'fault'; readonly fault: Fault; readonly times: number }
  | { readonly do: 'heal' | 'hang' | 'delete database' }
);

export interface Story {
  readonly maxEntries: number;
  readonly hasChannels: boolean;
  /** Who the two tabs speak for at first. */
  readonly who: readonly [string | null, string | null];
  /** What may happen besides: that the storage fails, or that tabs sleep; such steps do nothing elsewhere. */
  readonly trouble: 'none' | 'storage' | 'sleep';
  /** How the server answers for each URL at first. */
  readonly policies: readonly Policy[];
  readonly steps: readonly Step[];
}

/** What may be invalidated, and the same told by a test of the model's own. */
export const invalidations: readonly {
  readonly what: Invalidation;
  readonly covers: (url: string, tags: readonly string[]) => boolean;
}[] = [
  { what: { url: a }, covers: (url) => url === a },
  { what: { tags: ['t1'] }, covers: (_, tags) => tags.includes('t1') },
  { what: { match: '/api/*' }, covers: (url) => url === a || url === b },
  { what: { all: true }, covers: () => true },
  { what: { match: /^\/other\/c\?x/g }, covers: (url) => url === c },
  {
    what: { tags: ['t2', 'rule'], url: c },
    covers: (url, tags) => url === c || tags.includes('t2') || tags.includes('rule'),
  },
];

/** The rules table: `b` has a rule for reading, `a` one for writing. */
export const findRule = (url: string, method: string): ResolvedRule | undefined => {
  if (url === b) return { match: '/api/b', tags: ['rule'], ttlMs: 8000 };
  if (url !== a || method === 'GET' || method === 'HEAD') return undefined;
  return { match: '/api/a', invalidates: ['/other/*', { tags: ['t1'] }], ttlMs: undefined };
};

/** What a successful write to a URL invalidates, by the model's own account. */
export const isWrittenBy =
  (written: string, location: string | undefined) =>
  (url: string, tags: readonly string[]): boolean =>
    url === written || url === location || (written === a && (url === c || tags.includes('t1')));

const maybe = (weight: number): fc.Arbitrary<boolean> =>
  fc.integer({ min: 0, max: 99 }).map((n) => n >= 100 - weight);

const tab = fc.constantFrom(0, 1);
// More often than not the same, so that one step has to do with another.
const url = fc.constantFrom(a, a, a, a, b, b, c, c);
const tags = fc.constantFrom<readonly string[]>([], [], ['t1'], ['t2'], ['t1', 't2']);

const control = fc.constantFrom<Control | null>(
  { maxAge: 60 },
  { maxAge: 600 },
  null,
  { maxAge: 10, swr: 60 },
  { maxAge: 10, sie: 120 },
  { maxAge: 10, mustRevalidate: true },
  { maxAge: 10, swr: 30, sie: 60, mustRevalidate: true },
  { maxAge: 0, swr: 30, sie: 100 },
  { noCache: true },
  { noCache: true, maxAge: 60, sie: 100 },
  { noStore: true },
  { noStore: true, maxAge: 60 },
  { mustRevalidate: true },
);

const policy: fc.Arbitrary<Policy> = fc.record({
  status: fc.constantFrom(200, 200, 200, 200, 404, 410),
  control,
  hasEtag: fc.constantFrom(true, true, false),
  hasDate: fc.constantFrom(false, true),
  vary: fc.constantFrom(null, null, null, 'accept-language', 'accept-language', '*', 'cookie'),
  tags,
});

const credentials = fc.constantFrom<Get['credentials']>('omit', 'omit', 'same-origin');

const get: fc.Arbitrary<Get> = fc.record({
  do: fc.constant('get'),
  tab,
  url,
  method: fc.constantFrom('GET', 'GET', 'GET', 'GET', 'HEAD'),
  mode: fc.constantFrom<RequestCache>(
    ...Array.from({ length: 10 }, () => 'default' as const),
    'no-cache',
    'reload',
    'force-cache',
    'no-store',
    'only-if-cached',
  ),
  credentials,
  auth: fc.constantFrom<string | undefined>(
    undefined,
    undefined,
    undefined,
    undefined,
    'Bearer 1',
    'Bearer 2',
  ),
  language: fc.constantFrom<string | undefined>(undefined, undefined, 'en', 'fr'),
  ttlMs: fc.constantFrom<number | false | undefined>(undefined, undefined, undefined, 5000, false),
  tags: fc.constantFrom<readonly string[]>([], [], [], ['t1']),
  isLate: maybe(30),
  isEarly: fc.boolean(),
  isShort: fc.boolean(),
  outage: fc.constantFrom<Outage>(...Array.from({ length: 6 }, () => null), 'network', 503),
});

const write: fc.Arbitrary<Write> = fc.record({
  do: fc.constant('write'),
  tab,
  url,
  method: fc.constantFrom('POST', 'PUT', 'DELETE'),
  status: fc.constantFrom(200, 201, 204, 303, 404, 500),
  location: fc.constantFrom(undefined, undefined, ...urls),
  isLate: maybe(30),
  isEarly: fc.boolean(),
  isPast: maybe(20),
});

const who = fc.constantFrom<string | null>(null, null, 'ann', 'ann', 'ann', 'bob');

const always = <T>(value: T): fc.Arbitrary<T> => fc.constant(value);

const action: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: get },
  { weight: 10, arbitrary: fc.record({ do: always('land' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: always('abort' as const), which: fc.nat(9) }) },
  { weight: 5, arbitrary: write },
  {
    weight: 5,
    arbitrary: fc.record({
      do: always('invalidate' as const),
      tab,
      what: fc.nat(invalidations.length - 1),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: always('identity' as const),
      tab,
      who: fc.oneof({ weight: 15, arbitrary: who }, { weight: 1, arbitrary: always(undefined) }),
      isNoticed: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: always('fill' as const), tab, credentials }) },
  { weight: 3, arbitrary: fc.record({ do: always('visit' as const), tab, who }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: always('meet' as const),
      tab,
      url,
      mode: fc.constantFrom('default', 'no-cache'),
      outage: fc.constantFrom<Outage>(null, 503, 'network'),
      what: fc.constantFrom(0, 1, 1, 2),
      isBefore: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.oneof(
      fc.record({ do: always('part' as const), tab, url }),
      fc.record({
        do: always('hurry' as const),
        tab,
        url,
        isReopened: fc.boolean(),
        isOwn: fc.boolean(),
      }),
      fc.record({ do: always('learn' as const), tab }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: always('miss' as const), tab, url, what: fc.constantFrom(0, 2, 3) }),
  },
  { weight: 3, arbitrary: fc.record({ do: always('change' as const), url }) },
  { weight: 6, arbitrary: fc.record({ do: always('policy' as const), url, policy }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: always('outage' as const),
      outage: fc.constantFrom<Outage>(null, null, 'network', 503, 500),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: always('online' as const), isOnline: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: always('advance' as const),
      ms: fc.constantFrom(1, 999, 4000, 9_999, 10_001, 31_000, 65_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: always('jump' as const),
      ms: fc.constantFrom(20_000, 90_000, 90_000_000, -1, -5000, -80_000),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({ do: fc.constantFrom('flush', 'flush', 'deliver', 'idle'), tab }),
  },
  { weight: 3, arbitrary: fc.record({ do: always('sleep' as const), tab }) },
  { weight: 1, arbitrary: fc.record({ do: always('cut' as const), tab }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: always('crash' as const), tab, isCommitLost: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: always('fault' as const),
      fault: fc.constantFrom<Fault>('abort', 'quota', 'full', 'open'),
      times: fc.constantFrom(1, 2, 1000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('heal', 'heal', 'heal', 'hang', 'delete database'),
    }),
  },
);

/** How much of what the storage has to do is done after it: all, or so many tasks. */
const pump = fc.constantFrom(undefined, undefined, undefined, undefined, 0, 1, 3, 6, 10, 16);

/** Mostly nothing. */
const fault = fc.constantFrom<Fault | undefined>(
  ...Array.from({ length: 40 }, () => undefined),
  'abort',
  'quota',
  'full',
);

const step: fc.Arbitrary<Step> = fc.tuple(action, pump, fault).map(([one, many, wrong]) => ({
  ...one,
  ...(many !== undefined && { pump: many }),
  ...(wrong !== undefined && { fault: wrong }),
}));

export const story: fc.Arbitrary<Story> = fc.record({
  maxEntries: fc.constantFrom(2000, 2000, 2000, 3),
  hasChannels: fc.constantFrom(true, true, true, false),
  who: fc.tuple(who, who),
  trouble: fc.constantFrom('none', 'none', 'storage', 'storage', 'sleep'),
  policies: fc.tuple(policy, policy, policy),
  steps: fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
});
