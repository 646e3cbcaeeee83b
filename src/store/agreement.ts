import { toCovers, type Covers, type Filter } from '../core/filter.ts';
import { placeIn, placeOf, urlOf } from './entry.ts';
import type { Meta, Transact } from './indexeddb.ts';
import type { Row } from './pages.ts';
import { erase, giveTo } from './transactions.ts';

export interface AgreementParts {
  readonly transact: Transact;
  /** Resolves when the directory has been read; whether it could be. */
  readonly open: () => Promise<boolean>;
  /** Whom the private pages should belong to; undefined where this tab has no say. */
  readonly claimant: () => string | null | undefined;
  /** Other tabs have given the private pages to `owner`; `hasLapsed`: and to somebody else before. */
  readonly onOwner: (owner: string | null, hasLapsed: boolean) => void;
  /** Somebody has cleared the disk, and what other tabs had noted there. */
  readonly onCleared: () => void;
  /** Another tab has invalidated what these cover, and its message has not come yet. */
  readonly onForgotten: (covers: Covers) => void;
  /** Forgets what is covered, here. */
  readonly forget: (covers: Covers) => void;
  /** Drops the directory's rows, or those of private pages. */
  readonly dropRows: (which: 'all' | 'private') => void;
  readonly onFailure: (reason: string, error: unknown) => void;
}

/** What the tabs that share a disk agree on: whose its private pages are, and what has been invalidated. */
export interface Agreement {
  /** Takes note of what other tabs have done since the last time. */
  readonly catchUp: (meta: Meta) => void;
  /** The directory has been read: sees to what the disk doesn't know yet. */
  readonly settle: () => void;
  /** Whether it may be on the disk as it is now. */
  readonly isOwned: (item: { readonly key: string }) => boolean;
  /** Whether the disk is yet to be told that it has been invalidated. */
  readonly isOwed: (row: Row) => boolean;
  /** It has been heard of some other way, or is this tab's own. */
  readonly hear: (filter: Filter) => void;
  /** Removes from the disk what `filter` covers; what fails is left for the next load. Never rejects. */
  readonly erase: (filter: Filter) => Promise<void>;
  /** @see Disk.adopt */
  readonly adopt: (owner: string | null, previous: string | null) => Promise<void>;
  /** Until this tab has taken the private pages over. */
  readonly adopted: () => Promise<void> | undefined;
  /** Another tab has taken them over: what this one still had to do about them is void. */
  readonly resign: () => void;
  /** Looks what the others have done, where no message may have told. */
  readonly look: () => void;
}

// How many invalidations are kept apart, and how many remembered by name.
const maxOwed = 64;
const maxHeard = 512;

/** Creates one tab's side of it. It stands on the disk, and is read and written with whatever it decides about. */
export function createAgreement(parts: AgreementParts): Agreement {
  const { transact, claimant, forget, dropRows, onFailure } = parts;

  /** Whom the private pages belong to, and how often they have changed hands. */
  let owner: string | null = null;
  let reign = 0;
  /** Until this tab has taken them over; and whose may stand there until then, though they are to go. */
  let adopting: Promise<void> | undefined;
  let gone: readonly ((who: string) => boolean)[] = [];
  const hasGone = (who: string, tests = gone): boolean => tests.some((test) => test(who));
  /** How many invalidations have been taken note of. */
  let seen: number | undefined;
  /** Which database it is. */
  let born = '';
  /** Those that the disk has not taken yet. */
  let owed: Filter[] = [];
  const isOwed = ({ key, tags }: Row): boolean =>
    owed.some((filter) => toCovers(filter)(urlOf(key), tags));
  let erasing: Promise<void> | undefined;
  let looking: Promise<void> | undefined;
  /** Those that have been heard of some other way, or are this tab's own. */
  const heard = new Set<string>();
  const hear = ({ id }: Filter): void => {
    if (id === undefined) return;
    heard.add(id);
    if (heard.size > maxHeard) heard.delete(heard.values().next().value!);
  };
  const isOwned = ({ key }: { readonly key: string }): boolean => {
    const place = placeIn(key);
    const isHis = owner !== null && !hasGone(owner) && place === placeOf(owner);
    return isHis || place === 'public';
  };

  /** Takes note of whose the private pages are; whether they have changed hands since. */
  const setOwner = (next: Pick<Meta, 'owner' | 'reign'>): boolean => {
    if (next.reign === reign) return false;
    ({ owner, reign } = next);
    dropRows('private');
    return true;
  };

  /** Takes note of what other tabs have done since the last time. */
  const catchUp = (meta: Meta): void => {
    const { count, log } = meta;
    const claim = claimant();
    // What others did before this tab takes over is no matter any more; that its user has come to them may have
    // been since, where the disk refused.
    const isTakingOver = gone.length > 0 && claim !== undefined && claim !== meta.owner;
    // Not a log-out: somebody has cleared what there was.
    const isCleared = born !== '' && meta.born !== born;
    born = meta.born;
    if (isCleared) {
      parts.onCleared();
      dropRows('all');
      ({ owner, reign, count: seen } = meta);
      // Since then, too, he may have gone and come back.
      const hasLapsed = reign > 1;
      const isNews = reign > 0 && (owner !== claim || hasLapsed) && !isTakingOver;
      if (isNews) parts.onOwner(owner, hasLapsed);
      else if (claim) void takeOver();
      return;
    }
    const hasLapsed = meta.owner === owner || meta.reign > reign + 1;
    const isNews = setOwner(meta) && seen !== undefined && !isTakingOver;
    if (isNews) parts.onOwner(owner, hasLapsed);
    const missed = count - (seen ?? count);
    seen = count;
    const filters: readonly Filter[] =
      missed > log.length ? [{ all: true }] : log.slice(log.length - missed);
    for (const filter of missed > 0 ? filters : []) {
      if (filter.id !== undefined && heard.has(filter.id)) continue;
      hear(filter);
      const covers = toCovers(filter);
      forget(covers);
      parts.onForgotten(covers);
    }
  };

  /** Has the disk take what is owed to it: what comes together in one transaction, one at a time. */
  const eraseOwed = (): Promise<void> =>
    (erasing ??= (async () => {
      // Those of the same breath go along.
      await Promise.resolve();
      const filters = [...owed];
      try {
        const meta = await transact('readwrite', (records) => erase(records, filters));
        owed = owed.filter((filter) => !filters.includes(filter));
        catchUp(meta);
      } catch (error) {
        onFailure('write', error);
      }
      erasing = undefined;
    })());

  const eraseAll = async (): Promise<void> => {
    // What is under way may have begun without the last of them; what fails is left for the next load.
    await erasing;
    if (owed.length > 0) await eraseOwed();
  };

  const giveToClaimant = async (): Promise<void> => {
    const isOpen = await parts.open();
    const claim = claimant();
    const begun = gone;
    if (!isOpen || claim === undefined || (claim === null && begun.length === 0)) return;
    try {
      const meta = await transact('readwrite', (records) =>
        giveTo(records, claim, (who) => hasGone(who, begun)),
      );
      gone = gone.filter((test) => !begun.includes(test));
      setOwner(meta);
      // What stood there until now may have revoked it meanwhile.
      if (meta.owner === claim && claimant() === undefined) parts.onOwner(claim, true);
      catchUp(meta);
    } catch (error) {
      onFailure('write', error);
    }
  };

  const takeOver = (): Promise<void> => {
    const mine = (adopting ?? Promise.resolve()).then(giveToClaimant).finally(() => {
      if (adopting === mine) adopting = undefined;
    });
    return (adopting = mine);
  };

  return {
    catchUp,
    settle: () => {
      for (const filter of owed) forget(toCovers(filter));
      if (owed.length > 0) void eraseOwed();
      // Who waits for this is about to; what he is refused is asked for again at the next reading, not at once.
      if (!adopting && (claimant() !== owner || gone.length > 0)) void takeOver();
    },
    isOwned,
    isOwed,
    hear,
    erase: (filter) => {
      hear(filter);
      if (owed.length >= maxOwed) owed = [{ all: true }];
      else owed.push(filter);
      return eraseAll();
    },
    adopt: (next, previous) => {
      gone = [...gone, (who) => who === previous || (next !== null && who !== next)];
      return takeOver();
    },
    adopted: () => adopting,
    resign: () => {
      gone = [];
    },
    look: () => {
      looking ??= transact('readonly', (records) => records.meta())
        .then(catchUp, (error: unknown) => {
          onFailure('read', error);
        })
        .finally(() => {
          looking = undefined;
        });
    },
  };
}
