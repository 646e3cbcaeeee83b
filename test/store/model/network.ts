import type { Call, HeaderList, Reply, Signal } from '../../../src/core/types.ts';
import type { Asked, Asker } from './reference.ts';
import { fieldIn, type Answer, type Outage } from './server.ts';
import { findRule, isWrittenBy, type Write } from './steps.ts';
import { silence, type Slot, type World } from './world.ts';

/** A request on its way, which lands when the story says so. */
export interface Flight {
  readonly slot: Slot;
  readonly land: () => void;
}

/** A call of the story's own; what it needs not be is told by the rest of its members. */
export interface Own {
  readonly asked: Asked;
  readonly isLate: boolean;
  readonly isEarly: boolean;
  readonly outage: Outage;
}

export interface Network {
  /** Those that have not landed. */
  readonly flights: Flight[];
  /** Says which call a signal belongs to. */
  readonly own: Map<Signal, Own>;
  readonly read: (slot: Slot, call: Call) => Promise<Reply>;
  readonly write: (slot: Slot, write: Write) => Promise<Reply>;
}

const userOf = ({ who, credentials, auth }: Asker): string =>
  (credentials === 'omit' ? auth : (who ?? auth)) ?? (credentials === 'omit' ? '-' : 'cookie');

export function createNetwork(world: World): Network {
  const { browser, server, reference, expectations } = world;
  const flights: Flight[] = [];
  const own: Network['own'] = new Map();

  const read: Network['read'] = (slot, call) =>
    new Promise((resolve, reject) => {
      const { url, method, headers, signal } = call;
      const mine = own.get(signal);
      // What a tab that has gone still does, nobody sees.
      if (slot.tab.isOver()) return;
      if (mine) world.flown.add(signal);
      const asker: Asker = mine?.asked.asker ?? {
        tab: slot.id,
        who: slot.who,
        credentials: call.credentials === 'omit' ? 'omit' : 'same-origin',
        auth: fieldIn(headers, 'authorization'),
      };
      const began = reference.tick();
      const requestTime = browser.now();
      const revokedBy = reference.revocationOf(slot.id);
      const ask = (): Answer | Error => {
        try {
          if (!world.isOnline) throw new TypeError('offline');
          const outage = mine?.outage ?? server.outage;
          const request = { url, method, headers, user: userOf(asker), outage };
          return server.answer(request, browser.trueNow());
        } catch (error) {
          return error as Error;
        }
      };
      const early = mine?.isEarly ? ask() : undefined;
      let isOver = false;
      const land = (): void => {
        if (isOver) return;
        isOver = true;
        const answer = early ?? ask();
        if (answer instanceof Error) {
          if (mine) mine.asked.mayBeStale = true;
          reject(answer);
          return;
        }
        const rule = findRule(url, method);
        const grants = reference.land(
          mine?.asked ?? { asker, url, mode: 'default', headers },
          answer,
          {
            tags: [...call.cache!.tags, ...(rule?.tags ?? [])],
            ttlMs: call.cache!.ttlMs ?? rule?.ttlMs ?? silence.ttlMs,
            began,
            requestTime,
            responseTime: browser.now(),
            revokedBy,
          },
        );
        expectations.forget(url);
        mine?.asked.own.push(...grants);
        if (mine && answer.kind === 'failed') {
          mine.asked.mayBeStale = true;
          mine.asked.failed.push(answer.serial);
        }
        resolve(answer.reply);
      };
      signal.addEventListener('abort', () => {
        isOver = true;
        reject(signal.reason);
      });
      if (mine ? mine.isLate : !world.isHasty) flights.push({ slot, land });
      else land();
    });

  const write: Network['write'] = (slot, { method, url, status, location, isEarly, isLate }) =>
    new Promise((resolve, reject) => {
      const carryOut = (): number => {
        if (!world.isOnline || server.outage === 'network') return 0;
        const outcome = server.outage ?? status;
        if (outcome < 400) {
          server.change(url);
          if (location) server.change(location);
        }
        return outcome;
      };
      const early = isEarly ? carryOut() : undefined;
      const land = (): void => {
        const outcome = early ?? carryOut();
        if (outcome === 0) {
          // For all that its tab knows, it may have been carried out.
          reference.invalidate(slot.id, `${method} ${url}`, isWrittenBy(url, undefined));
          reject(new TypeError('no network'));
          return;
        }
        if (outcome < 400) {
          reference.invalidate(slot.id, `${method} ${url}`, isWrittenBy(url, location));
        }
        const headers: HeaderList = location ? [['location', location]] : [];
        resolve({ status: outcome, statusText: '', headers, body: null, url, redirected: false });
      };
      if (isLate) flights.push({ slot, land });
      else land();
    });

  return { flights, own, read, write };
}
