import { describe, expect, it } from 'vitest';
import { aDemoServer } from '../support/a-demo-server.ts';
import { aRunningServer } from '../support/a-running-server.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly example?: unknown };
}

interface Operation {
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } }>>;
  };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly example?: unknown }>>;
  };
}

const running = await aRunningServer();
const { paths, components } = (await (await running.ask('/openapi.json')).json()) as Document;
await running.close();

const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, { tags }]) => tags.some((tag) => tag === 'chat' || tag === 'resources'))
    .map(([method, operation]) => [method.toUpperCase(), path, operation] as const),
);

describe('the examples of the API’s description', () => {
  it('are those of all routes of chat and resources', () => {
    expect(operations).toHaveLength(23);
  });

  it.each(operations)(
    '%s %s works on a server that was just started',
    async (method, path, operation) => {
      const { ask, send } = aDemoServer();
      const given = (place: string) =>
        (operation.parameters ?? []).filter(
          ({ in: where, schema }) => where === place && schema.example !== undefined,
        );
      const filled = given('path').reduce(
        (text, { name, schema }) => text.replace(`{${name}}`, String(schema.example)),
        path,
      );
      const query = new URLSearchParams(
        given('query').map(({ name, schema }) => [name, String(schema.example)]),
      );
      const url = query.size > 0 ? `${filled}?${query}` : filled;
      const reference = operation.requestBody?.content['application/json']?.schema.$ref;
      const example = reference && components.schemas[reference.split('/').at(-1)!]?.example;

      const response = await (reference ? send(method, url, example) : ask(url, { method }));

      expect(filled).not.toContain('{');
      expect([200, 201, 204]).toContain(response.status);
      const results = response.status === 204 ? {} : ((await response.json()) as object);
      if ('total_failed' in results) expect(results.total_failed).toBe(0);
    },
  );
});
