import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { run } from '../../bench/harness/run.ts';
import type { Catalogue, Scenario } from '../../bench/harness/scenario.ts';
import type { Report } from '../../bench/harness/report.ts';

/** What is written to where while `args` are carried out. */
async function outputOf(catalogue: Catalogue, ...args: string[]) {
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    });
  }
  vi.spyOn(console, 'log').mockImplementation((text) => void (written.stdout += `${text}\n`));
  vi.spyOn(console, 'error').mockImplementation((text) => void (written.stderr += `${text}\n`));
  await run(catalogue, args);
  vi.restoreAllMocks();
  return written;
}

const aCatalogue = (scenario: Scenario): Catalogue => ({
  A1: { title: 'a scenario', load: () => Promise.resolve(scenario) },
});

const empty = { sections: [], verdicts: [], notes: [], versions: { peer: '1.2.3' } };

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

describe('run', () => {
  test('--json prints JSON and nothing else; what is going on goes to stderr', async () => {
    const { stdout, stderr } = await outputOf(
      aCatalogue(({ progress }) => {
        progress('round 1 of 9');
        return Promise.resolve(empty);
      }),
      'A1',
      '--json',
    );

    const report = JSON.parse(stdout) as Report;
    expect(report.scenarios.map(({ name }) => name)).toEqual(['A1']);
    expect(report.machine.versions).toMatchObject({ peer: '1.2.3' });
    expect(stderr).toContain('A1: round 1 of 9');
  });

  test('what scenarios share is opened once, and closed when all are done', async () => {
    const log: string[] = [];
    const open = () => {
      log.push('open');
      return Promise.resolve({ close: async () => void log.push('close') });
    };
    const share: Scenario = async ({ keeper }) => {
      await keeper.get('shared', open);
      log.push('run');
      return empty;
    };
    const load = () => Promise.resolve(share);

    await outputOf({ A1: { title: '', load }, A2: { title: '', load } }, 'A1', 'A2');

    expect(log).toEqual(['open', 'run', 'run', 'close']);
  });

  test('a scenario that fails ends the run, and leaves nothing open', async () => {
    const log: string[] = [];
    await outputOf(
      aCatalogue(async ({ keeper }) => {
        await keeper.get('shared', () =>
          Promise.resolve({ close: async () => void log.push('close') }),
        );
        throw new Error('a wrong answer');
      }),
      'A1',
    );

    expect(log).toEqual(['close']);
    expect(process.exitCode).toBe(1);
  });
});

const main = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));

/** The command itself, which is to refuse its arguments. */
const refused = (...args: string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      resolve({ code: error?.code, stdout, stderr });
    });
  });

describe('the command', () => {
  test.each([
    [['nonsense'], "there is no scenario 'nonsense', only S1, S2, S3, S4, S5, S6, S7, S8, S9, S10"],
    [['S3', '--rounds', '0'], "--rounds must be a whole number from 1 to 1000, got '0'"],
  ])('%j is refused with the value and what is allowed', async (args, message) => {
    const { code, stdout, stderr } = await refused(...args, '--json');

    expect({ code, stdout, first: stderr.split('\n', 1)[0] }).toEqual({
      code: 2,
      stdout: '',
      first: message,
    });
  });
});
