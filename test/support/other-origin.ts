import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { answerNode } from './node-adapter.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The test server once more, on another origin than the page's: `http://localhost:port`. */
    otherOrigin: string;
  }
}
