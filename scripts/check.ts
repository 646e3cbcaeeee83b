import { spawn } from 'node:child_process';
import { styleText } from 'node:util';
import { ensureChromium } from './browser.ts';
import { ensureRedis } from './redis.ts';

/** npm scripts in order. Those on one line run side by side; the first failure ends the run. */
const stages = [
  ['format:check', 'lint', 'types'],
  ['build'],
  ['test:unit'],
  ['test:browser'],
  ['test:e2e'],
  ['test:engines'],
  ['publint', 'attw', 'knip', 'size'],
];

interface Result {
  name: string;
  passed: boolean;
  seconds: number;
}

const heading = (title: string): void => console.log(styleText('bold', `\n── ${title} ──`));

/** Runs one npm script. One that runs alone prints as it goes, others when they are done. */
async function run(name: string, alone: boolean): Promise<Result> {
  if (alone) heading(name);
  const started = performance.now();
  const output = alone ? 'inherit' : 'pipe';
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', output, output] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (!alone) {
    heading(name);
    console.log(printed.trim() || 'ok');
  }
  return { name, passed: code === 0, seconds: (performance.now() - started) / 1000 };
}

try {
  // Once for all steps, and before the minutes that come first.
  process.env['CHROMIUM_PATH'] = ensureChromium();
  process.env['REDIS_SERVER_PATH'] = ensureRedis();
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}

const results: Result[] = [];
for (const stage of stages) {
  results.push(...(await Promise.all(stage.map((name) => run(name, stage.length === 1)))));
  if (results.some((result) => !result.passed)) break;
}

heading('summary');
for (const { name, passed, seconds } of results) {
  const mark = passed ? styleText('green', '✓') : styleText('red', '✗');
  console.log(`${mark} ${name.padEnd(14)}${seconds.toFixed(1).padStart(6)} s`);
}
const failed = results.filter((result) => !result.passed).length;
const left = stages.flat().length - results.length;
if (left > 0) console.log(`${left} not run`);
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
