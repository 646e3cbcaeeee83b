import { fork } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { generate } from 'selfsigned';
import type { Protocol } from './contenders/contender.ts';
import type { Cost } from './server/cost.ts';
import type { Order, Report } from './server/main.ts';

export interface Backend {
  readonly ports: Readonly<Record<Protocol, number>>;
  readonly setCost: (cost: Cost) => Promise<void>;
  /** How many requests there have been. */
  readonly requests: () => Promise<number>;
  /** What its process has used of its processors so far. */
  readonly cpuMs: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** A certificate for this run, and the hash of its key by which Chromium is told to trust it. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
  readonly spkiHash: string;
}

export async function createIdentity(): Promise<Identity> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return { cert, key, spkiHash: createHash('sha256').update(spki).digest('base64') };
}

const main = fileURLToPath(new URL('server/main.ts', import.meta.url));

/** Starts all servers in a process of their own: sharing a thread with them would slow down the proxy. */
export async function startBackend(page: string, { cert, key }: Identity): Promise<Backend> {
  const child = fork(main, {
    env: { ...process.env, NODE_ENV: 'production' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`the server ended (exit ${code})`);
  });
  // Nobody waits for it between two orders.
  exited.catch(() => {});
  // One order at a time, so the next message is its answer.
  let last: Promise<unknown> = Promise.resolve();
  const tell = (order: Order): Promise<Report> => {
    const report = last.then(async () => {
      child.send(order);
      const [message] = (await Promise.race([once(child, 'message'), exited])) as [Report];
      return message;
    });
    last = report.catch(() => {});
    return report;
  };

  const started = await tell({ start: { page, cert, key } });
  return {
    ports: 'ports' in started ? started.ports : { h1: 0, h2: 0 },
    async setCost(cost) {
      await tell({ cost });
    },
    async requests() {
      const report = await tell({ count: true });
      return 'requests' in report ? report.requests : NaN;
    },
    async cpuMs() {
      const report = await tell({ cpu: true });
      return 'cpuMs' in report ? report.cpuMs : NaN;
    },
    async close() {
      child.disconnect();
      await exited.catch(() => {});
    },
  };
}
