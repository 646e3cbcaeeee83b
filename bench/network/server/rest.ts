import { json } from 'node:stream/consumers';
import { idIn } from '../widgets.ts';
import { findWidget } from './cost.ts';
import type { Route } from './route.ts';

const answer = (value: unknown): [string, Record<string, string | number>] => {
  const text = JSON.stringify(value);
  return [text, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }];
};

/** A widget by its path. The shortest way there is: native fetch should not lose by a slow server. */
export const widgetRoute: Route = {
  takes: (path) => idIn(path) !== undefined,
  async handle(request, response) {
    const [text, headers] = answer(await findWidget(idIn(request.url ?? '') ?? 0));
    response.writeHead(200, headers);
    response.end(text);
  },
};

/** Widgets by their ids, as a list in the same order: what DataLoader and batshit ask. */
export const listRoute: Route = {
  takes: (path) => path === '/api/widgets/by-ids',
  async handle(request, response) {
    const { ids } = (await json(request)) as { ids: number[] };
    const [text, headers] = answer(await Promise.all(ids.map(findWidget)));
    response.writeHead(200, headers);
    response.end(text);
  },
};
