import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { startDemoServer } from '../compare/demo-server.ts';
import { logIn } from '../compare/log-in.ts';
import { runCommand } from '../compare/command-line.ts';
import { saturate, sustain, type Figures } from './measure.ts';
import { readOptions, usage, type LoadOptions } from './options.ts';
import { formatReport } from './report.ts';
import { lostIn, middleOf, type Results } from './results.ts';
import { batched, singly } from './ways.ts';

/** So that it is the server that is measured, not its limits. */
const unlimited = { ITEM_LIMIT: '10000000', BATCH_LIMIT: '1000000' };

/** A quarter of what goes is steady; three times that still goes. */
const steadyShare = 0.25;

async function run(url: URL, token: string | undefined, options: LoadOptions): Promise<Results> {
  const { connections, items, seconds, rounds } = options;
  const load = { url, connections };
  const inBatches = batched(items, token, true);
  const ways = [singly(items, token), inBatches, batched(items, token, false)];
  const measured = new Map<string, Figures[]>(ways.map(({ name }) => [name, []]));

  // Nobody's figures should pay for loading and compiling.
  for (let round = 0; round < 2; round++) {
    for (const way of ways) await saturate(load, way, seconds);
  }
  // In turns, so that what slows the machine down for a while slows down all of them.
  for (let round = 0; round < rounds; round++) {
    for (const way of ways) {
      measured.get(way.name)!.push(await saturate(load, way, seconds));
    }
  }

  const middles = ways.map(({ name }) => ({ name, figures: middleOf(measured.get(name)!) }));
  const most = middles[1]!.figures.itemsPerSecond / items;
  const steady = Math.max(1, Math.floor(most * steadyShare));
  const spike: Results['spike'][number][] = [];
  for (const [name, perSecond] of [
    ['before', steady],
    ['three times as much', 3 * steady],
    ['after', steady],
  ] as const) {
    spike.push({ name, figures: await sustain(load, inBatches, { perSecond, seconds }) });
  }
  const at = new Date().toISOString();
  return { at, connections, items, seconds, rounds, ways: middles, spike };
}

async function main(options: LoadOptions): Promise<void> {
  const server = options.url === undefined ? await startDemoServer(unlimited) : undefined;
  const url = options.url ?? server?.url;
  if (!url) return;
  try {
    const results = await run(url, options.token ?? (await logIn(url)), options);
    await mkdir(dirname(options.json), { recursive: true });
    await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
    console.log(`\n${formatReport(results)}\n\nkept in ${options.json}\n`);
    if (lostIn(results) > 0) process.exitCode = 1;
  } finally {
    await server?.close();
  }
}

await runCommand(readOptions, usage, main);
