import { ApolloClient, InMemoryCache } from '@apollo/client';
import { BatchHttpLink } from '@apollo/client/link/batch-http';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { BatchLinkPlugin } from '@orpc/client/plugins';
import type { RouterClient } from '@orpc/server';
import { createTRPCClient, httpBatchLink, httpBatchStreamLink } from '@trpc/client';
import { widgetQuery } from '../network/contenders/widget-query.ts';
import type { OrpcRouter } from '../network/server/orpc.ts';
import type { TrpcRouter } from '../network/server/trpc.ts';
import { pathOf, type Widget } from '../network/widgets.ts';

/** A way to ask one of the servers for widgets. */
export interface Load {
  readonly name: string;
  /** The items of one request. */
  readonly items: number;
  /** Asks for them by its own client, which makes a single request of it. */
  readonly ask: (ids: readonly number[], origin: string, fetch: Fetch) => Promise<unknown[]>;
}

export type Fetch = (input: Request | URL | string, init?: RequestInit) => Promise<Response>;

/** As many as Carpool's client puts into a batch. */
const perBatch = 50;

const askOne =
  (path: (id: number) => string): Load['ask'] =>
  (ids, origin, fetch) =>
    Promise.all(ids.map(async (id) => (await fetch(origin + path(id))).json()));

const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

interface Line {
  readonly id?: string;
  readonly body: unknown;
}

/** Bodies in the order of ids; a line without an id is the batch's statistics. */
function inOrder(lines: readonly Line[]): unknown[] {
  const bodies: unknown[] = [];
  for (const { id, body } of lines) if (id !== undefined) bodies[Number(id)] = body;
  return bodies;
}

const toRequests = (ids: readonly number[]) => ({
  requests: ids.map((id, index) => ({ id: String(index), method: 'GET', url: pathOf(id) })),
});

const parseLines = (text: string): Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

const carpoolStreamed: Load['ask'] = async (ids, origin, fetch) => {
  const headers = { accept: 'application/x-ndjson, application/json;q=0.5' };
  const response = await fetch(`${origin}/batch`, post(toRequests(ids), headers));
  return inOrder(parseLines(await response.text()));
};

const carpoolBuffered: Load['ask'] = async (ids, origin, fetch) => {
  const response = await fetch(`${origin}/batch`, post(toRequests(ids)));
  const { responses } = (await response.json()) as { responses: Line[] };
  return inOrder(responses);
};

const byIds: Load['ask'] = async (ids, origin, fetch) => {
  const response = await fetch(`${origin}/api/widgets/by-ids`, post({ ids }));
  return (await response.json()) as Widget[];
};

const trpc =
  (link: typeof httpBatchLink | typeof httpBatchStreamLink): Load['ask'] =>
  (ids, origin, fetch) => {
    const url = `${origin}/trpc`;
    const links = [link({ url, fetch: fetch as never })];
    const client = createTRPCClient<TrpcRouter>({ links });
    return Promise.all(ids.map((id) => client.widget.query(id)));
  };

const orpc =
  (mode: 'streaming' | 'buffered'): Load['ask'] =>
  (ids, origin, fetch) => {
    const plugin = new BatchLinkPlugin({
      groups: [{ condition: () => true, context: {} }],
      mode,
      maxSize: perBatch,
    });
    const link = new RPCLink({ url: `${origin}/orpc`, fetch, plugins: [plugin] });
    const client: RouterClient<OrpcRouter> = createORPCClient(link);
    return Promise.all(ids.map((id) => client.widget({ id })));
  };

const apollo: Load['ask'] = (ids, origin, fetch) => {
  const link = new BatchHttpLink({
    uri: `${origin}/graphql`,
    batchMax: perBatch,
    fetch,
  });
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return Promise.all(
    ids.map(
      async (id) => (await client.query({ query: widgetQuery, variables: { id } })).data?.widget,
    ),
  );
};

const ofBatch = (name: string, ask: Load['ask']): Load => ({ name, items: perBatch, ask });

export const single = 'single requests, Hono';
export const carpools = ['carpool/server, streamed', 'carpool/server, buffered'] as const;
export const peers = [
  'tRPC batch',
  'tRPC stream',
  'oRPC batch, buffered',
  'oRPC batch, streamed',
  'Apollo batch',
] as const;

/** All of the same data, and each answered by the server that it was made for. */
export const loads: readonly Load[] = [
  { name: single, items: 1, ask: askOne((id) => `/app/widgets/${id}`) },
  { name: 'single requests, node:http', items: 1, ask: askOne(pathOf) },
  ofBatch(peers[0], trpc(httpBatchLink)),
  ofBatch(peers[1], trpc(httpBatchStreamLink)),
  ofBatch(peers[2], orpc('buffered')),
  ofBatch(peers[3], orpc('streaming')),
  ofBatch(peers[4], apollo),
  ofBatch('a list by ids, node:http', byIds),
  ofBatch(carpools[0], carpoolStreamed),
  ofBatch(carpools[1], carpoolBuffered),
];
