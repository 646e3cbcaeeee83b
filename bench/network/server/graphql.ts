import { ApolloServer, HeaderMap } from '@apollo/server';
import { json } from 'node:stream/consumers';
import { findWidget } from './cost.ts';
import type { Route } from './route.ts';

const typeDefs = `#graphql
  type Point { at: String! value: Float! }
  type Widget { id: Int! title: String! unit: String! updatedAt: String! points: [Point!]! }
  type Query { widget(id: Int!): Widget }
`;

const server = new ApolloServer({
  typeDefs,
  resolvers: { Query: { widget: (_: unknown, { id }: { id: number }) => findWidget(id) } },
  allowBatchedHttpRequests: true,
});
await server.start();

export const graphqlRoute: Route = {
  takes: (path) => path === '/graphql',
  async handle(request, response) {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
    const answer = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method ?? 'POST',
        headers,
        search: '',
        body: await json(request),
      },
      context: () => Promise.resolve({}),
    });
    response.writeHead(answer.status ?? 200, Object.fromEntries(answer.headers));
    if (answer.body.kind === 'complete') response.end(answer.body.string);
    else {
      for await (const chunk of answer.body.asyncIterator) response.write(chunk);
      response.end();
    }
  },
};
