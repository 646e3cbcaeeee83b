import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Route {
  /** Whether it answers that path; a query is cut off. */
  readonly takes: (path: string) => boolean;
  /** Whether it needs no compression around it. @default false */
  readonly compressesItself?: boolean;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => unknown;
}
