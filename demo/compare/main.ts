import { contenders } from './contenders.ts';
import { startDemoServer } from './demo-server.ts';
import { logIn } from './log-in.ts';
import { measure } from './measure.ts';
import type { Trial } from './measure.ts';
import { runCommand, UsageError } from './command-line.ts';
import { readOptions, usage } from './options.ts';
import type { CompareOptions } from './options.ts';
import { createPlan } from './plan.ts';
import { createProgress } from './progress.ts';
import { toRows } from './rows.ts';
import type { Measurement, Row } from './rows.ts';
import { formatTable } from './table.ts';

async function compare(trial: Trial): Promise<Row[]> {
  const progress = createProgress(process.stderr);
  const measurements: Measurement[] = [];
  try {
    // Nobody's measured calls should pay for loading and compiling, on either side.
    const warmUp = { ...trial, ids: trial.ids.slice(0, 20), latencyMs: 0, rttMs: 0 };
    for (const contender of contenders) await measure(contender, warmUp, () => {});
    for (const contender of contenders) {
      const measured = await measure(contender, trial, (answered) => {
        progress.show(contender.name, answered, trial.ids.length);
      });
      measurements.push(measured);
    }
  } finally {
    progress.end();
  }
  return toRows(measurements);
}

/** @throws UsageError if there is no demo server at that address */
async function checkServer(url: URL, token: string | undefined): Promise<void> {
  const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(new URL('/api/widgets/1', url), { headers }).catch(
    (error: unknown) => {
      const remedy = 'start one there, or leave --url out';
      throw new UsageError(`no server answers at ${url.origin}: ${remedy}`, { cause: error });
    },
  );
  await response.body?.cancel();
  if (!response.ok) {
    const remedy = 'give the address of the demo server, or leave --url out';
    throw new UsageError(
      `${url.origin} has no widgets (it answered ${response.status}): ${remedy}`,
    );
  }
}

async function run(options: CompareOptions): Promise<void> {
  const { requests, duplicateRate, latencyMs, rttMs } = options;
  const ids = createPlan(requests, duplicateRate);
  const server = options.url === undefined ? await startDemoServer() : undefined;
  const url = options.url ?? server?.url;
  if (!url) return;

  try {
    const token = options.token ?? (await logIn(url));
    await checkServer(url, token);
    const target = { host: url.hostname, port: Number(url.port || 80) };
    const rows = await compare({ target, ids, latencyMs, rttMs, token });
    if (options.json) {
      console.log(JSON.stringify({ rows }));
      return;
    }
    const distinct = new Set(ids).size;
    console.log(
      `\n${requests} requests for ${distinct} widgets, ` +
        `${latencyMs} ms of work each, round trip ${rttMs} ms\n`,
    );
    console.log(`${formatTable(rows)}\n`);
  } finally {
    await server?.close();
  }
}

await runCommand(readOptions, usage, run);
