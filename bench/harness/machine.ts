import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What figures depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly os: string;
  /** Processes that ran or waited at the start, on average over the last minute. */
  readonly load: number;
  /** By name: Node, Carpool, and, once they have run, the browser and who else took part. */
  readonly versions: Readonly<Record<string, string>>;
}

const manifest = new URL('../../package.json', import.meta.url);

export function describeMachine(): Machine {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 2 ** 30),
    os: `${platform()} ${release()} ${arch()}`,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: { node: process.versions.node, carpool: version },
  };
}

/** As one line. */
export function formatMachine({ cpu, cores, memoryGB, os, load, versions }: Machine): string {
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${cpu}, ${cores} cores, ${memoryGB} GB, ${os}, load ${load} · ${used.join(', ')}`;
}
