import type { IncomingMessage, ServerResponse } from 'node:http';
import { gateOf } from './gates.ts';
import { answerNode, type Answer } from './node-adapter.ts';
import { answer } from './parity-endpoints.ts';
import { createRides, type Rides } from './rides.ts';

/** Handles a request of Node's `http`, or of Connect's. */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => Promise<void>;

/**
 * Creates the server behind the browser tests; all its paths begin with `/t/`.
 *
 * - `/t/batch/<id>` is a batch endpoint of its own for each id, so that a test can count its batches;
 *   `/t/batch/<id>/buffered` answers as a server does that can't stream.
 * - `/t/control/…` steers gates, and tells what a batch endpoint saw.
 * - The rest is the application. One function answers a request of its own as well as an item, so
 *   that whatever differs between the two comes from the way that they travelled.
 *
 * @param wrap goes around all that a page may ask for, as a middleware does.
 */
export function createParityServer(wrap: (answer: Answer) => Answer = (same) => same): NodeHandler {
  const allRides = new Map<string, Rides>();
  const ridesOf = (id: string): Rides => {
    let rides = allRides.get(id);
    if (!rides) allRides.set(id, (rides = createRides(wrap(answer))));
    return rides;
  };

  const control = async ([what, id = '', verb]: readonly string[]): Promise<Response> => {
    if (what === 'rides') return Response.json(ridesOf(id).seen());
    const gate = gateOf(id);
    if (verb === 'open') gate.opened.resolve();
    else await gate[verb === 'gone' ? 'gone' : 'arrived'].promise;
    return new Response(null, { status: 204 });
  };

  return async (incoming, outgoing, next) => {
    const route: Answer = (request) => {
      const [, , place, ...rest] = new URL(request.url).pathname.split('/');
      if (place === 'control') return control(rest);
      if (place !== 'batch') return answer(request);

      const [id = '', kind] = rest;
      const rides = ridesOf(id);
      outgoing.once('close', rides.open());
      if (kind === 'buffered') request.headers.set('accept', 'application/json');
      return rides.handle(request);
    };
    try {
      await answerNode(incoming, outgoing, wrap(route));
    } catch (error) {
      next(error);
    }
  };
}

/** Runs in Node, inside Vite's server, on the test page's own origin. */
export const parityServer: NodeHandler = createParityServer();
