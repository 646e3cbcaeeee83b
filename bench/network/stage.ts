import { setTimeout as sleep } from 'node:timers/promises';
import { startDelayProxy } from '../../scripts/proxy/delay-proxy.ts';
import type { ProxyCounts } from '../../scripts/proxy/delay-proxy.ts';
import type { Tab } from '../harness/browser.ts';
import { versionsOf } from '../harness/bundle.ts';
import type { RunSetting } from '../harness/scenario.ts';
import { withBackdrop } from './backdrop.ts';
import type { Protocol } from './contenders/contender.ts';
import type { NetworkPage, Outcome, Plan } from './page.ts';
import type { Cost } from './server/cost.ts';

/** The line between the page and its servers. */
export interface Line {
  readonly rttMs: number;
  /** @default no limit */
  readonly bitsPerSecond?: number;
}

export interface Take {
  readonly plan: Plan;
  readonly cost: Cost;
  /** Whether bytes are of interest, the last of which come after the last answer. @default false */
  readonly isWeighed?: boolean;
  /** Whether it begins without connections, by a client that knows nothing. @default false */
  readonly isCold?: boolean;
}

/** What went over the line. */
export interface Traffic {
  readonly kBUp: number;
  readonly kBDown: number;
  readonly requests: number;
  /** That were opened for it. */
  readonly connections: number;
}

export interface Stage {
  readonly names: readonly string[];
  readonly run: (name: string, take: Take) => Promise<Outcome & Traffic>;
  /** The tab that a contender is measured in. */
  readonly tabOf: (name: string) => Tab<NetworkPage>;
  readonly setCost: (cost: Cost) => Promise<void>;
  /** Collects garbage in the pages. */
  readonly tidy: () => Promise<void>;
  readonly versions: Readonly<Record<string, string>>;
}

/** How long the end of a stream may come after the last answer, and how long it takes to hear of a cut. */
const tailMs = 20;

/** What their servers are made of. */
const serverPackages = [
  '@apollo/server',
  '@orpc/server',
  '@hono/node-server',
  'hono',
  'compression',
];

const protocols = ['h1', 'h2'] as const;

/**
 * Opens a page on HTTP/1.1 and one on HTTP/2 over TLS, their servers in a process of their own, and the
 * delay proxies between them; all are gone when `use` is done.
 */
export const onStage = <T>(
  setting: RunSetting,
  line: Line,
  use: (stage: Stage) => Promise<T>,
): Promise<T> =>
  withBackdrop(
    setting,
    new URL('page.ts', import.meta.url),
    async ({ backend, open, onClose, versions }) => {
      const openSide = async (protocol: Protocol) => {
        const target = { host: '127.0.0.1', port: backend.ports[protocol] };
        const proxy = await startDelayProxy(target, { ...line, slowOpening: true });
        onClose(proxy.close);
        return { proxy, tab: await open<NetworkPage>(protocol, proxy.port) };
      };
      const sides = { h1: await openSide('h1'), h2: await openSide('h2') };
      const contenders = await sides.h1.tab.call('contenders');
      const sideOf = (name: string) => {
        const over = contenders.find((contender) => contender.name === name)?.over;
        if (over) return sides[over];
        throw new Error(`no such contender: ${name}`);
      };

      const run: Stage['run'] = async (name, { plan, cost, isWeighed = false, isCold = false }) => {
        const { proxy, tab } = sideOf(name);
        await backend.setCost(cost);
        if (isCold) {
          await proxy.cut();
          // The browser has to hear of it.
          await sleep(tailMs);
        }
        const before: ProxyCounts = proxy.read();
        const requests = await backend.requests();
        const outcome = await tab.call('run', name, plan, isCold);
        if (isWeighed) await sleep(tailMs);
        const after = proxy.read();
        return {
          ...outcome,
          kBUp: (after.bytesUp - before.bytesUp) / 1000,
          kBDown: (after.bytesDown - before.bytesDown) / 1000,
          connections: after.connections - before.connections,
          requests: (await backend.requests()) - requests,
        };
      };

      return use({
        names: contenders.map(({ name }) => name),
        run,
        tabOf: (name) => sideOf(name).tab,
        setCost: backend.setCost,
        async tidy() {
          await Promise.all(protocols.map((protocol) => sides[protocol].tab.call('tidy')));
        },
        versions: { ...versions, ...versionsOf(serverPackages) },
      });
    },
  );
