import { ApolloClient, InMemoryCache } from '@apollo/client';
import { BatchHttpLink } from '@apollo/client/link/batch-http';
import type { Contender } from './contender.ts';
import { widgetQuery } from './widget-query.ts';

/** @see https://www.apollographql.com/docs/react/api/link/apollo-link-batch-http */
export const apollo: Contender = {
  name: 'Apollo BatchHttpLink',
  over: 'h1',
  create() {
    // The interval is its default. Of the calls it would take ten, and so tear dashboards to pieces.
    const link = new BatchHttpLink({ uri: '/graphql', batchMax: 10_000, batchInterval: 10 });
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    return async (id) => {
      const { data } = await client.query({ query: widgetQuery, variables: { id } });
      if (!data) throw new Error(`no widget ${id}`);
      return data.widget;
    };
  },
};
