import { readConfig } from './config.ts';
import { explainListenError, readPort } from './port.ts';
import { serve } from './serve.ts';
import type { RunningServer } from './serve.ts';

/** For what is in flight: as long as the slowest widget may take, and as Docker waits before it kills. */
const graceMs = 10_000;

/** The widgets wait more than they compute, so that a whole page of them may wait at once. */
const defaults = { BATCH_CONCURRENCY: '100' };

const welcome = (url: string) => `
  Carpool demo   ${url}

  Try:
  · open the page: sixty widgets, one request
  · flip the switch to plain fetch, or press "Run both", and compare the counts
  · add a straggler: ${url}/?straggler=1000
  · npm run compare -- --requests 20 --duplicate-rate 0.3

  Ctrl-C stops the server.
`;

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function portFromEnvironment(): number {
  try {
    return readPort(process.env['PORT'], 8787);
  } catch (error) {
    if (error instanceof RangeError) fail(error.message);
    throw error;
  }
}

async function start(port: number): Promise<RunningServer> {
  try {
    return await serve(port, readConfig({ ...defaults, ...process.env }));
  } catch (error) {
    if (error instanceof RangeError) fail(error.message);
    const explanation = explainListenError(error, port);
    if (explanation !== undefined) fail(explanation);
    throw error;
  }
}

function stopOnSignal(server: RunningServer): void {
  let stopping = false;
  const stop = () => {
    // A second Ctrl-C means it.
    if (stopping) process.exit(1);
    stopping = true;
    void server.close(graceMs).then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Started by another program, such as the comparison: end with it.
  process.on('disconnect', stop);
}

const server = await start(portFromEnvironment());
stopOnSignal(server);
console.log(welcome(`http://localhost:${server.port}`));
process.send?.({ port: server.port });
