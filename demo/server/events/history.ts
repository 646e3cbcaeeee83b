import { randomBytes } from 'node:crypto';
import type { Announcement, Bus } from '../platform/bus.ts';

/** An announcement, and its id in this process. */
export interface Told {
  readonly id: string;
  readonly announcement: Announcement;
}

/** What a client hears: an invalidation, as `carpool.listen` takes it. */
export const toMessage = ({ announcement }: Told): string =>
  JSON.stringify({ tags: announcement.tags });

export interface History {
  /** What has been told since an id; null if that can't be said any more, or was another process's. */
  readonly since: (id: string) => readonly Told[] | null;
  /** The result stops it. */
  readonly listen: (listener: (told: Told) => void) => () => void;
}

const maxLength = 1000;

/** Whether somebody is meant. */
export const isFor = ({ user }: Announcement, id: string): boolean =>
  user === undefined || user === id;

/** Remembers the last thousand announcements, for those whose connection was lost for a while. */
export function createHistory(bus: Bus): History {
  const process = randomBytes(6).toString('hex');
  const last: Told[] = [];
  const listeners = new Set<(told: Told) => void>();
  let count = 0;
  bus.listen((announcement) => {
    const told = { id: `${process}-${++count}`, announcement };
    last.push(told);
    if (last.length > maxLength) last.shift();
    for (const listener of listeners) listener(told);
  });
  return {
    since: (id) => {
      const [of, number] = id.split('-');
      const missed = count - Number(number);
      // A number that isn't one compares as false.
      const isKnown = of === process && missed >= 0 && missed <= last.length;
      return isKnown ? last.slice(last.length - missed) : null;
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
