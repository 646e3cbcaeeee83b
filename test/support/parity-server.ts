import type { IncomingMessage, ServerResponse } from 'node:http';
import { gateOf } from './gates.ts';
import { answerNode } from './node-adapter.ts';
import { answer } from './parity-endpoints.ts';
import { createRides, type Rides } from './rides.ts';

const allRides = new Map<string, Rides>();

/** The rides of one batch endpoint: `/t/batch/<id>`, and `/t/batch/<id>/buffered`. */
function ridesOf(id: string, isBuffered: boolean): Rides {
  let rides = allRides.get(id);
  if (!rides) allRides.set(id, (rides = createRides(answer, isBuffered)));
  return rides;
}

/** Lets a test steer gates and look at rides. */
async function control(path: readonly string[]): Promise<Response> {
  const [what, id = '', verb] = path;
  if (what === 'rides') return Response.json(ridesOf(id, false).seen());
  const gate = gateOf(id);
  if (verb === 'open') gate.opened.resolve();
  else await gate[verb === 'gone' ? 'gone' : 'arrived'].promise;
  return new Response(null, { status: 204 });
}

/**
 * The server behind the browser tests, on the test page's own origin under `/t/`. It runs in Node,
 * inside Vite's server.
 *
 * One function answers a request of its own as well as an item of a batch, so that whatever differs
 * between the two comes from the way that it travelled.
 */
export async function parityServer(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await answerNode(request, response, (asked) => {
    const [, , place, ...rest] = new URL(asked.url).pathname.split('/');
    if (place === 'control') return control(rest);
    if (place !== 'batch') return answer(asked);

    const { handle, open } = ridesOf(rest[0] ?? '', rest[1] === 'buffered');
    response.once('close', open());
    return handle(asked);
  });
}
