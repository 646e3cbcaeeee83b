import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { withCors } from './cors.ts';
import { createParityServer } from './parity-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The test server once more, on another origin than the page's: `http://localhost:port`. */
    otherOrigin: string;
  }
}

/** Serves the paths of the parity server, `/t/…`, with CORS; browser tests `inject('otherOrigin')`. */
export default async function setup(project: TestProject): Promise<() => void> {
  const handle = createParityServer(withCors);
  const server = createServer((request, response) => {
    void handle(request, response, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  project.provide('otherOrigin', `http://localhost:${(server.address() as AddressInfo).port}`);

  return () => {
    server.close();
    server.closeAllConnections();
  };
}
