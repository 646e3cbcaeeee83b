import type { Request as Shot } from 'autocannon';
import { checkWidgets } from '../network/answers.ts';
import { firstSmallId } from '../network/widgets.ts';
import type { Fetch, Load } from './loads.ts';

/** A request that a load's own client has made, and what it was answered. */
export interface Captured {
  readonly shot: Shot;
  /** Of the answer, in characters. */
  readonly length: number;
}

/** What node's own `fetch` adds, and the load should not: nothing is compressed for it. */
const dropped = /^(?:accept-encoding|connection|content-length|host|sec-fetch-mode)$/;

/**
 * Has a load's client ask its server for widgets, asserts what it makes of the answer, and takes down what
 * it has sent.
 *
 * @throws Error if there was more than one request, or an answer isn't the widget that was asked for
 */
export async function capture({ name, items, ask }: Load, origin: string): Promise<Captured> {
  const ids = Array.from({ length: items }, (_, index) => firstSmallId + index);
  const captured: Captured[] = [];
  const fetchAndKeep: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const headers = Object.fromEntries([...request.headers].filter(([key]) => !dropped.test(key)));
    const body = await request.clone().text();
    const response = await fetch(request);
    // All of it first: a client may abort the rest when it has what it wants.
    const answer = await response.text();
    captured.push({
      shot: {
        method: request.method as 'GET' | 'POST',
        path: pathname + search,
        headers,
        ...(body !== '' && { body }),
      },
      length: answer.length,
    });
    return new Response(answer, response);
  };

  checkWidgets(name, ids, await ask(ids, origin, fetchAndKeep));
  const [only, ...more] = captured;
  if (!only || more.length > 0) throw new Error(`${name}: made ${captured.length} requests`);
  return only;
}
