import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { parityServer } from './parity-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The test server once more, on another origin than the page's: `http://localhost:port`. */
    otherOrigin: string;
  }
}

/** Serves the parity server's paths without the `/t`; browser tests `inject('otherOrigin')`. */
export default async function setup(project: TestProject): Promise<() => void> {
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    void parityServer(request, response, () => response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  project.provide('otherOrigin', `http://localhost:${(server.address() as AddressInfo).port}`);

  return () => {
    server.close();
    server.closeAllConnections();
  };
}
