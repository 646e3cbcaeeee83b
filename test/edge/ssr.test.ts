import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);

const index = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href);

/** Runs a module in a Node of its own, with no page, and only the globals that stay. */
async function runModule(source: string, without: readonly string[] = []): Promise<string> {
  const script = `
    for (const name of ${JSON.stringify(without)}) delete globalThis[name];
    const { createCarpool } = await import(${index});
    ${source}
  `;
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script]);
  expect(stderr).toBe('');
  return stdout.trim();
}

describe('on a server', () => {
  it('the package can be imported, and a client created and installed, and taken away', async () => {
    const told = await runModule(`
      const { fetch } = globalThis;
      const carpool = createCarpool();
      carpool.install()();
      await carpool.dispose();
      console.log(globalThis.fetch === fetch);
    `);

    expect(told).toBe('true');
  });

  it('nothing is touched by an import: no timer, no listener, no global', async () => {
    const told = await runModule(`
      console.log(process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap').length);
    `);

    expect(told).toBe('0');
  });

  it('the process ends when its calls have', async () => {
    const told = await runModule(`
      globalThis.fetch = async () => Response.json({ ok: true });
      const carpool = createCarpool({ endpoint: 'https://app.test/batch' });
      const responses = await Promise.all([
        carpool.fetch('https://app.test/a', { priority: 'low' }),
        carpool.fetch('https://other.test/'),
      ]);
      console.log(responses.map(({ status }) => status).join());
    `);

    expect(told).toBe('200,200');
  });

  it('a relative URL is refused as `fetch` refuses it', async () => {
    const told = await runModule(`
      console.log(await createCarpool().fetch('/a').catch((error) => error instanceof TypeError));
    `);

    expect(told).toBe('true');
  });
});

describe('where newer platform features are missing', () => {
  it('a client works all the same', async () => {
    const told = await runModule(
      `
        delete ReadableStream.prototype[Symbol.asyncIterator];
        globalThis.fetch = async (input, init) => {
          const { requests } = await new Request(input, init).json();
          const lines = requests.map(({ id }) => JSON.stringify({ id, status: 200 }) + '\\n');
          return new Response(lines.join(''), { headers: { 'content-type': 'application/x-ndjson' } });
        };
        const carpool = createCarpool({ endpoint: 'https://app.test/batch', batchSingle: true });
        const responses = await Promise.all(['a', 'b'].map((n) => carpool.fetch('https://app.test/' + n)));
        console.log(responses.map(({ status }) => status).join());
        // The MessagePort that stands in for setImmediate keeps Node running.
        process.exit();
      `,
      ['URLPattern', 'setImmediate', 'CompressionStream', 'requestIdleCallback', 'scheduler'],
    );

    expect(told).toBe('200,200');
  });
});
