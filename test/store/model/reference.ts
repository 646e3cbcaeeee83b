import type { HeaderList } from '../../../src/core/types.ts';
import { fieldIn, type Answer, type Control } from './server.ts';

// What may be answered, told without a cache: by a list of all that the server has ever said, and one
// of all that has made some of it unusable.

/** On whose behalf something is asked; `who` is undefined where that can't be told. */
export interface Asker {
  readonly tab: number;
  readonly who: string | null | undefined;
  readonly credentials: 'omit' | 'same-origin';
  readonly auth: string | undefined;
}

/** One response, as it was given, or confirmed by a 304 or a HEAD. */
export interface Grant {
  readonly serial: number;
  readonly url: string;
  readonly asker: Asker;
  readonly headers: HeaderList;
  readonly status: number;
  readonly control: Control | null;
  readonly vary: string | null;
  readonly etag: string | undefined;
  readonly date: number | undefined;
  readonly serverTags: readonly string[];
  readonly tags: readonly string[];
  /** How long it is fresh where the server doesn't say. */
  readonly ttlMs: number | false;
  /** When it was asked for and when it came: in the order of things, and by the wall clock. */
  readonly began: number;
  readonly landed: number;
  readonly requestTime: number;
  readonly responseTime: number;
  readonly mayBeKept: boolean;
  /** The tab spoke for somebody who had gone. */
  readonly revokedBy: Happening | undefined;
}

/** Something that makes earlier responses unusable. */
export interface Happening {
  readonly text: string;
  readonly at: number;
  readonly tab: number;
  /** The user it is about, where it is about one. */
  readonly drops: string | undefined;
  readonly affects: (grant: Grant) => boolean;
  /** What something that it affects has taken the place of, with the tabs in which it has. */
  readonly replaced: ReadonlyMap<Grant, ReadonlySet<number>>;
  /** When each tab has heard of it. */
  readonly heard: Map<number, number>;
  /** From when on the disk knew; Infinity while it is not certain. */
  confirmed: number;
  isTainted: boolean;
  isRefused: boolean;
  /** He whom it is about has come back in another tab. */
  isOverruled: boolean;
}

interface Tab {
  who: string | null;
  revokedBy: Happening | undefined;
  /** Its user has gone, and may have come back, in another tab; it has not seen so on the disk yet. */
  shakenBy: Happening | undefined;
  /** When it was opened, or woke up. */
  awakeAt: number;
  /** When it last was told another user, or none that could be told: what was under way then isn't kept. */
  changedAt: number;
}

/** One GET or HEAD under way. */
export interface Asked {
  readonly asker: Asker;
  readonly url: string;
  readonly method: string;
  readonly mode: RequestCache;
  readonly headers: HeaderList;
  readonly startedAt: number;
  /** How many transactions its tab had begun by then. */
  readonly transactions: number;
  /** Every time that the wall clock has shown since. */
  readonly times: number[];
  /** What the server has told this call itself, and the numbers of its failures. */
  readonly own: Grant[];
  readonly failed: number[];
  mayBeStale: boolean;
}

export interface Silence {
  readonly ttlMs: number;
  readonly swrMs: number;
  readonly sieMs: number;
}

const selfEvident = new Set([200, 410]);

/** Where a response is kept; null for nowhere. */
export function placeOf({ tab, who, credentials, auth }: Asker): string | null {
  if (who === undefined) return null;
  if (who !== null) return `private ${who}`;
  if (credentials === 'omit' && auth === undefined) return 'public';
  return `session ${String(tab)} ${String(auth)}`;
}

const isAlways = ({ control, vary }: Grant): boolean =>
  control?.noCache === true || vary === 'cookie';

/** How long it is fresh, in ms; false where it may not be kept at all. */
function freshMsOf(grant: Grant): number | false {
  const { control, vary, status, ttlMs } = grant;
  if (control?.noStore || vary === '*') return false;
  if (control?.maxAge !== undefined) return control.maxAge * 1000;
  if (!selfEvident.has(status)) return false;
  return ttlMs === false && isAlways(grant) ? 0 : ttlMs;
}

export const canBeKept = (grant: Grant): boolean =>
  grant.mayBeKept && !grant.revokedBy && freshMsOf(grant) !== false;

function ageAt({ requestTime, responseTime }: Grant, now: number): number {
  if (now < responseTime) return Infinity;
  return Math.max(0, responseTime - requestTime) + now - responseTime;
}

/** Within its time, even if its Date is believed: what is past it may have gone. */
export function isInTime(grant: Grant, now: number): boolean {
  const { date, responseTime } = grant;
  // Without one it is dated when it came, to the second.
  const dated = date ?? Math.floor(responseTime / 1000) * 1000;
  const apparent = Math.max(0, responseTime - dated) + now - responseTime;
  const freshMs = freshMsOf(grant);
  return freshMs !== false && Math.max(ageAt(grant, now), apparent) < freshMs;
}

export const isFresh = (grant: Grant, now: number): boolean =>
  !isAlways(grant) && isInTime(grant, now);

const namesOf = (vary: string | null): string[] =>
  (vary ?? '').split(', ').filter((name) => name === 'accept-language');

export const isVariantFor = ({ vary, headers }: Grant, asked: HeaderList): boolean =>
  namesOf(vary).every((name) => fieldIn(headers, name) === fieldIn(asked, name));

const isSamePrimary = (one: Grant, other: Grant): boolean =>
  one.url === other.url &&
  one.asker.credentials === other.asker.credentials &&
  placeOf(one.asker) === placeOf(other.asker);

const isSameKey = (one: Grant, other: Grant): boolean =>
  isSamePrimary(one, other) &&
  String(namesOf(one.vary)) === String(namesOf(other.vary)) &&
  isVariantFor(one, other.headers);

export interface Reference {
  readonly grants: readonly Grant[];
  /** Later than everything before. */
  readonly tick: () => number;
  readonly openTab: (tab: number) => void;
  readonly wake: (tab: number) => void;
  /** Who a tab has last said it is. */
  readonly whoOf: (tab: number) => string | null;
  readonly isRevoked: (tab: number) => boolean;
  /** What it keeps for its user it may forget once more, when the disk tells what a message has told already. */
  readonly isShaken: (tab: number) => boolean;
  /** A tab has been told, whoever asked, who its user is; undefined where that can't be told. */
  readonly identify: (tab: number, who: string | null | undefined) => void;
  readonly changedAt: (tab: number) => number;
  readonly invalidate: (
    tab: number,
    text: string,
    covers: (url: string, tags: readonly string[]) => boolean,
  ) => void;
  /** All that was told has reached a tab. */
  readonly hear: (tab: number) => void;
  /** A tab has begun a transaction; the result says that it is complete. */
  readonly transact: (tab: number) => () => void;
  /** Whatever has been done is on disk, unless it is tainted. */
  readonly confirm: () => void;
  /** What isn't on disk by now may never get there. */
  readonly taint: (tab: number) => void;
  /** The storage fails, in all tabs or in this one: besides, whose pages it refused to delete is who he was. */
  readonly refuse: (tab?: number) => void;
  /** The server's answer has landed; returns what it gives and confirms. */
  readonly land: (
    asked: Pick<Asked, 'asker' | 'url' | 'mode' | 'headers'>,
    answer: Answer,
    given: Pick<Grant, 'tags' | 'ttlMs' | 'began' | 'requestTime' | 'responseTime' | 'revokedBy'>,
  ) => Grant[];
  /** All that was under way is done. */
  readonly rest: () => void;
  /**
   * Tabs have changed their users while the disk knew of neither, or has forgotten: each may have stood aside for the
   * other, until its user changes again.
   */
  readonly isContested: () => boolean;
  readonly revocationOf: (tab: number) => Happening | undefined;
  /** What happened to it since its request began that the tab must know of by now. */
  readonly fateOf: (grant: Grant, tab: number, fromDiskSince?: number) => Happening | undefined;
  /** Whether anything at all has happened to it since its request began, or so it may seem to the tab. */
  readonly isTouched: (grant: Grant, tab: number) => boolean;
  /** What other tabs were given in the same moment: who finds both on the disk can't tell which is the newer. */
  readonly rivalsOf: (grant: Grant) => readonly Grant[];
  /** Something that affects it reached the disk after it was asked for, and may have erased it there. */
  readonly mayBeErased: (grant: Grant) => boolean;
  /** The disk has been emptied: what it knew is not to be learned from it any more. */
  readonly clear: () => void;
  /** Why an answer must not be given; undefined where it may. */
  readonly objection: (asked: Asked, serial: number, isFromDisk: boolean) => string | undefined;
}

export function createReference(silence: Silence): Reference {
  let time = 0;
  let clearedAt = 0;
  const tick = (): number => ++time;
  const grants: Grant[] = [];
  const happenings: Happening[] = [];
  const tabs = new Map<number, Tab>();
  /** Tabs that have a new user, of which the disk may not know yet; and those where it refused to. */
  const changing = new Map<number, string>();
  const refused = new Set<number>();
  let isContested = false;

  const happen = (
    tab: number,
    text: string,
    affects: Happening['affects'],
    { replaced = new Map(), drops }: Partial<Pick<Happening, 'replaced' | 'drops'>> = {},
  ): Happening => {
    const at = tick();
    const happening: Happening = {
      text: `${text} by tab ${String(tab)} at ${String(at)}`,
      at,
      tab,
      drops,
      affects,
      replaced,
      heard: new Map([[tab, at]]),
      confirmed: Infinity,
      isTainted: false,
      isRefused: false,
      isOverruled: false,
    };
    happenings.push(happening);
    return happening;
  };

  const drop = (tab: number, who: string): void => {
    const happening = happen(tab, `${who} dropped`, ({ asker }) => asker.who === who, {
      drops: who,
    });
    for (const [id, other] of tabs) {
      if (id === tab || other.who !== who) continue;
      other.revokedBy ??= happening;
      other.shakenBy = happening;
    }
  };

  const unconfirmed = (): Happening[] =>
    happenings.filter(({ confirmed }) => confirmed === Infinity);

  const hasHeard = ({ heard }: Happening, tab: number): boolean => heard.has(tab);

  /**
   * Whether the disk can tell a tab of it: where it has refused to be given to the tab's user, whether others went
   * before he came or after is not to be seen there, unless he has come back since in another tab.
   */
  const canLearn = (tab: number, { drops, at }: Happening): boolean =>
    drops === undefined ||
    !refused.has(tab) ||
    [...tabs].some(
      ([id, { who, changedAt }]) =>
        id !== tab && who === drops && changedAt > at && !refused.has(id),
    );

  const fateOf: Reference['fateOf'] = (grant, tab, fromDiskSince) => {
    const { awakeAt } = tabs.get(tab)!;
    const knows = (happening: Happening): boolean => {
      // To other tabs, whose pages the storage refused to delete has never been away.
      if (happening.isRefused && (happening.tab !== tab || happening.isOverruled)) return false;
      if (hasHeard(happening, tab)) return true;
      const isLate = grant.asker.tab === tab && grant.landed > awakeAt;
      if (happening.confirmed <= awakeAt && !isLate) return true;
      return fromDiskSince !== undefined && happening.confirmed <= fromDiskSince;
    };
    return happenings.find(
      (happening) =>
        grant.began < happening.at &&
        (happening.affects(grant) || happening.replaced.get(grant)?.has(tab)) &&
        knows(happening),
    );
  };

  const untimely = (grant: Grant, { mode, times, mayBeStale }: Asked): string | undefined => {
    if (mode === 'force-cache' || mode === 'only-if-cached') return undefined;
    if (mode !== 'default') return `kept, for a call that is ${mode}`;
    if (isAlways(grant)) return 'never to be used unasked';
    const { control } = grant;
    const swrMs = control?.swr === undefined ? silence.swrMs : control.swr * 1000;
    const sieMs = control?.sie === undefined ? silence.sieMs : control.sie * 1000;
    const windowMs = Math.max(0, swrMs, mayBeStale ? sieMs : 0);
    const freshMs = freshMsOf(grant) || 0;
    const ages = times.map((now) => ageAt(grant, now));
    const isTimely = ages.some((age) => age < freshMs + (control?.mustRevalidate ? 0 : windowMs));
    return isTimely ? undefined : `expired: ages ${String(ages)}, fresh for ${String(freshMs)}`;
  };

  const objectionTo = (grant: Grant, asked: Asked, isFromDisk: boolean): string | undefined => {
    const { asker, url, headers } = asked;
    const place = placeOf(asker);
    if (grant.url !== url) return `of ${grant.url}`;
    if (grant.asker.credentials !== asker.credentials) return 'given with other credentials';
    const isAnybodys = placeOf(grant.asker) === 'public';
    if (place === null || (placeOf(grant.asker) !== place && !isAnybodys)) {
      return `given to ${String(placeOf(grant.asker))}, asked by ${String(place)}`;
    }
    if (!isVariantFor(grant, headers)) return `another variant, by ${String(grant.vary)}`;
    if (!grant.mayBeKept || freshMsOf(grant) === false) return 'not to be kept';
    const { revokedBy } = grant;
    if (revokedBy && (grant.asker.tab !== asker.tab || hasHeard(revokedBy, asker.tab))) {
      return `given to one who had gone: ${revokedBy.text}`;
    }
    const fate = fateOf(grant, asker.tab, isFromDisk ? asked.startedAt : undefined);
    return fate?.text ?? untimely(grant, asked);
  };

  return {
    grants,
    tick,
    openTab: (tab) => {
      const [revokedBy, shakenBy] = [undefined, undefined];
      tabs.set(tab, { who: null, revokedBy, shakenBy, awakeAt: tick(), changedAt: 0 });
    },
    wake: (tab) => {
      tabs.get(tab)!.awakeAt = tick();
    },
    whoOf: (tab) => tabs.get(tab)!.who,
    changedAt: (tab) => tabs.get(tab)!.changedAt,
    isRevoked: (tab) => tabs.get(tab)?.revokedBy !== undefined,
    isShaken: (tab) => tabs.get(tab)?.shakenBy !== undefined,
    rest: () => {
      for (const tab of changing.keys()) if (!refused.has(tab)) changing.delete(tab);
    },
    isContested: () => isContested,
    revocationOf: (tab) => tabs.get(tab)?.revokedBy,
    identify: (tab, who) => {
      const own = tabs.get(tab)!;
      if (own.who === who) return;
      own.changedAt = tick();
      if (who === undefined) return;
      const previous = own.who;
      own.who = who;
      own.revokedBy = undefined;
      own.shakenBy = undefined;
      const isSession = ({ asker }: Grant): boolean => asker.tab === tab && asker.who === null;
      happen(
        tab,
        'session ended',
        (grant) => isSession(grant) && placeOf(grant.asker) !== 'public',
      );
      const known = new Set(grants.flatMap(({ asker }) => asker.who ?? []));
      for (const { who: other } of tabs.values()) if (other !== null) known.add(other);
      if (previous !== null) known.add(previous);
      for (const other of known) {
        if (other === previous || (who !== null && other !== who)) drop(tab, other);
      }
      if (who === null) return;
      isContested ||= [...changing.values()].some((other) => other !== who);
      changing.set(tab, who);
      for (const other of tabs.values()) if (other.who === who) other.revokedBy = undefined;
      for (const one of happenings)
        if (one.drops === who && one.tab !== tab) one.isOverruled = true;
    },
    invalidate: (tab, text, covers) => {
      const isCovered = (grant: Grant): boolean => covers(grant.url, grant.tags);
      // One that was invalidated before it landed has taken no place.
      const isOver = (grant: Grant): boolean =>
        happenings.some(({ at, affects }) => grant.began < at && affects(grant));
      // What a response has taken the place of doesn't come back when that goes.
      const replaced = new Map<Grant, Set<number>>();
      for (const [i, grant] of grants.entries()) {
        const later = grants
          .slice(i + 1)
          .filter(
            (other) =>
              other.asker.tab === grant.asker.tab &&
              isSameKey(grant, other) &&
              canBeKept(other) &&
              isCovered(other) &&
              !isOver(other),
          );
        replaced.set(grant, new Set(later.map(({ asker }) => asker.tab)));
      }
      happen(tab, text, isCovered, { replaced });
    },
    hear: (tab) => {
      const { awakeAt } = tabs.get(tab)!;
      for (const { at, heard } of happenings) {
        if (at > awakeAt && !heard.has(tab)) heard.set(tab, time);
      }
    },
    transact: (tab) => {
      const known = happenings.filter(
        ({ confirmed }) => confirmed <= time && confirmed > clearedAt,
      );
      return () => {
        const own = tabs.get(tab)!;
        for (const one of known) {
          if (!one.heard.has(tab) && canLearn(tab, one)) one.heard.set(tab, time);
          if (one === own.shakenBy) own.shakenBy = undefined;
        }
      };
    },
    confirm: () => {
      const now = tick();
      for (const one of unconfirmed()) if (!one.isTainted) one.confirmed = now;
    },
    taint: (tab) => {
      for (const one of unconfirmed()) if (one.tab === tab) one.isTainted = true;
    },
    refuse: (tab) => {
      for (const id of changing.keys()) if (tab === undefined || tab === id) refused.add(id);
      for (const one of unconfirmed()) {
        if (tab !== undefined && one.tab !== tab) continue;
        one.isTainted = true;
        one.isRefused = one.drops !== undefined;
      }
    },
    land: ({ asker, url, mode, headers }, answer, given) => {
      const { kind, serial, etag, date, control, vary, tags, status } = answer;
      const base = {
        asker,
        url,
        headers,
        etag,
        date,
        status,
        ...given,
        landed: tick(),
        mayBeKept: mode !== 'no-store' && placeOf(asker) !== null,
      };
      if (kind === 'failed') return [];
      if (kind === 'full') {
        const own = [...given.tags, ...tags];
        grants.push({ ...base, serial, control, vary, serverTags: tags, tags: own });
        return grants.slice(-1);
      }
      // What it confirms; what it doesn't mention stays as it was.
      const confirmed = grants
        .filter(
          (grant) =>
            etag !== undefined &&
            grant.etag === etag &&
            grant.url === url &&
            grant.asker.credentials === asker.credentials &&
            placeOf(grant.asker) === placeOf(asker),
        )
        .map((grant): Grant => {
          const serverTags = tags.length > 0 ? tags : grant.serverTags;
          return {
            ...base,
            serial: grant.serial,
            control: control ?? grant.control,
            vary: vary ?? grant.vary,
            serverTags,
            tags: [...given.tags, ...serverTags],
          };
        });
      const distinct = new Map(
        confirmed.map((grant) => [
          JSON.stringify([grant.serial, grant.control, grant.vary, grant.serverTags]),
          grant,
        ]),
      );
      grants.push(...distinct.values());
      return [...distinct.values()];
    },
    fateOf,
    isTouched: (grant, tab) => {
      const { awakeAt } = tabs.get(tab)!;
      return happenings.some(({ at, heard, confirmed, affects, replaced }) => {
        const heardAt = heard.get(tab) ?? (confirmed <= awakeAt ? at : Infinity);
        const isMeant = affects(grant) || (replaced.get(grant)?.size ?? 0) > 0;
        return grant.began < Math.max(at, heardAt) && isMeant;
      });
    },
    rivalsOf: (grant) =>
      grants.filter(
        (other) =>
          other.asker.tab !== grant.asker.tab &&
          other.responseTime === grant.responseTime &&
          isSamePrimary(other, grant) &&
          canBeKept(other),
      ),
    mayBeErased: (grant) =>
      happenings.some(({ confirmed, affects }) => grant.began < confirmed && affects(grant)),
    clear: () => {
      clearedAt = tick();
      // It doesn't tell any more whose it was: who hasn't heard takes it.
      const users = new Set([...tabs.values()].flatMap(({ who }) => who ?? []));
      isContested ||= users.size > 1;
    },
    objection: (asked, serial, isFromDisk) => {
      if (asked.own.some((grant) => grant.serial === serial)) return undefined;
      const candidates = grants.filter((grant) => grant.serial === serial);
      if (candidates.length === 0) return 'never given by the server';
      const objections = candidates.map((grant) => objectionTo(grant, asked, isFromDisk));
      return objections.includes(undefined) ? undefined : objections.join('; ');
    },
  };
}
