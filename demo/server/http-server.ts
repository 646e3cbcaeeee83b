import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import type { WireCounter } from './operations/wire-counter.ts';

type WebSockets = NonNullable<Parameters<typeof createAdaptorServer>[0]['websocket']>['server'];

/** What the adaptor gives only looks like a `Request`: who has to copy one, to limit its body, can't copy that. */
function toRequest(given: Request): Request {
  const { url, method } = given;
  if (method === 'GET' || method === 'HEAD') return given;
  const { headers, signal } = given;
  // It has a stream for every one; what tells is the message's framing (RFC 9112, 6.3).
  const length = headers.get('content-length');
  const isEmpty = length === null ? !headers.has('transfer-encoding') : length === '0';
  const body = isEmpty ? null : given.body;
  const init: RequestInit & { readonly duplex: 'half' } = {
    method,
    headers,
    body,
    signal,
    duplex: 'half',
  };
  return new Request(url, init);
}

/** Node's server for the application, WebSockets included; it doesn't listen yet. */
export function createHttpServer(app: Hono, counter: WireCounter): Server {
  // Its types know no `noServer` that is set.
  const sockets = new WebSocketServer({
    noServer: true,
    // Nobody has anything to say here.
    maxPayload: 1024,
  }) as unknown as WebSockets;
  // The adaptor would replace the global Request and Response; a demo of fidelity keeps the platform's.
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(toRequest(request), env),
    overrideGlobalObjects: false,
    websocket: { server: sockets },
  }) as Server;
  counter.attach(server);
  return server;
}
