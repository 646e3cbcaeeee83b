import type { Bus } from '../platform/bus.ts';

/** Kept, but asked about before each use: one's own message must be there at once. A 304 costs little in a batch. */
export const freshness = 'private, no-cache';

/** What is said of one session is tagged so. */
export const tagsOf = (session: string | number): string => `session-${session}`;

/** Tells that a session is no longer what it was. */
export type Announce = (user: string, session: string | number) => void;

export const createAnnounce =
  (bus: Bus): Announce =>
  (user, session) =>
    bus.announce({ tags: ['session-list', tagsOf(session)], user });
