import type { Found } from './found.ts';

/** A look-up under way. */
export interface Flight {
  readonly key: string;
  /** The level behind memory that had something, fresh or not. */
  level: 'redis' | 'sqlite' | undefined;
  /** It was invalidated since: what it brings is for those who wait already, and not kept. */
  isOutdated: boolean;
}

export interface Flights {
  /** The look-up of `key` that is under way, if one is, or else the one that `start` starts. */
  readonly join: <T>(
    key: string,
    start: (flight: Flight) => Promise<Found<T>>,
  ) => Promise<Found<T>>;
  readonly find: (key: string) => Flight | undefined;
  /** Loads: that may go on when nobody waits for it any more. */
  readonly load: <T>(flight: Flight, load: () => Promise<T>) => Promise<T>;
  /** Who asks from now on for what matches must not get what was asked for before. */
  readonly outdate: (matches: (key: string) => boolean) => void;
}

/** Lets those who ask for the same at the same time share one look-up, whether it succeeds or fails. */
export function createFlights(): Flights {
  interface Running {
    readonly flight: Flight;
    readonly found: Promise<Found<unknown>>;
  }
  const running = new Map<string, Running>();
  const loading = new Set<Flight>();

  return {
    join: async <T>(key: string, start: (flight: Flight) => Promise<Found<T>>) => {
      const known = running.get(key);
      if (known) return { ...((await known.found) as Found<T>), isCollapsed: true };
      const flight: Flight = { key, level: undefined, isOutdated: false };
      const found = start(flight);
      running.set(key, { flight, found });
      try {
        return await found;
      } finally {
        if (running.get(key)?.flight === flight) running.delete(key);
      }
    },
    find: (key) => running.get(key)?.flight,
    load: async (flight, load) => {
      loading.add(flight);
      try {
        return await load();
      } finally {
        loading.delete(flight);
      }
    },
    outdate: (matches) => {
      for (const [key, { flight }] of running) {
        if (!matches(key)) continue;
        flight.isOutdated = true;
        running.delete(key);
      }
      for (const flight of loading) flight.isOutdated ||= matches(flight.key);
    },
  };
}
