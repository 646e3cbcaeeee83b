import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aDemoServer } from '../support/a-demo-server.ts';
import { aRunningServer } from '../support/a-running-server.ts';

/** As much of an OpenAPI document as is read here. */
interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
}
type Schema = Record<string, unknown>;
interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema & { readonly example?: unknown };
    readonly example?: unknown;
  }[];
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<string, { readonly content?: Record<string, Media> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, Schema & { readonly example?: unknown }>;
  };
}

let document: Document;

beforeAll(async () => {
  const server = await aRunningServer();
  document = (await (await server.ask('/openapi.json', { as: null })).json()) as Document;
  await server.close();
});

/** The schema, or the one that it refers to. */
function resolve(schema: Schema | undefined): Schema & { readonly example?: unknown } {
  const name = /^#\/components\/schemas\/(.+)$/.exec(String(schema?.['$ref']))?.[1];
  return name === undefined ? (schema ?? {}) : document.components.schemas[name]!;
}

/** A validator of it; what it refers to goes along. */
function toValidator(schema: Schema): z.ZodType {
  const whole = { ...schema, $defs: document.components.schemas };
  const text = JSON.stringify(whole).replaceAll('#/components/schemas/', '#/$defs/');
  return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
}

const operations = (): [string, string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
      method.toUpperCase(),
      path,
      operation,
    ]),
  );

/** The request that the examples make; undefined where they don't make one. */
function toRequest(
  path: string,
  { parameters = [], requestBody }: Operation,
): { readonly url: string; readonly body: unknown } | undefined {
  const query = new URLSearchParams();
  let url = path;
  for (const { name, in: place, required, schema, example } of parameters) {
    const value = example ?? schema.example ?? resolve(schema).example;
    if (value === undefined) {
      if (required) return undefined;
      continue;
    }
    if (place === 'path') url = url.replace(`{${name}}`, encodeURIComponent(String(value)));
    if (place === 'query') query.set(name, String(value));
  }
  const media = requestBody?.content['application/json'];
  const body = media?.example ?? resolve(media?.schema).example;
  if (requestBody && body === undefined) return undefined;
  return { url: query.size > 0 ? `${url}?${String(query)}` : url, body };
}

/** A job's id: the server makes them up, so no example can know one. */
async function aJob(server: ReturnType<typeof aDemoServer>): Promise<string> {
  const path = '/api/charges/{id}/analysis';
  const { url } = toRequest(path, document.paths[path]!['post']!)!;
  const response = await server.ask(url, { method: 'POST' });
  return ((await response.json()) as { id: string }).id;
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate({ ...structuredClone(document) });

    expect(result).toMatchObject({ valid: true });
    expect(document.openapi).toBe('3.1.0');
  });

  it('has a summary, a tag and the refusals of each operation', () => {
    for (const [method, path, { summary, tags, security, responses }] of operations()) {
      const what = `${method} ${path}`;
      expect({ what, summary, tags }).toEqual({
        what,
        summary: expect.any(String),
        tags: [expect.any(String)],
      });
      // What needs a token says what becomes of who has none.
      const isOpen = security?.length === 0;
      expect({ what, has401: isOpen || '401' in responses }).toEqual({ what, has401: true });
    }
  });

  it('has examples of all that can be asked', () => {
    const without = operations()
      .filter(([, path, operation]) => toRequest(path, operation) === undefined)
      .map(([method, path]) => `${method} ${path}`);

    expect(without).toEqual([]);
  });

  it('each example is answered as documented', async () => {
    const wrong: unknown[] = [];
    for (const [method, path, operation] of operations()) {
      const request = toRequest(path, operation)!;
      // A server of its own: what one example deletes, another reads.
      const server = aDemoServer();
      // What can be made has to be, before it is there.
      const collection = path.replace(/\/\{.*$/, '');
      const maker = collection === path ? undefined : document.paths[collection]?.['post'];
      const making = maker && toRequest(collection, maker);
      if (making) await server.send('POST', making.url, making.body);
      const url = path.startsWith('/api/jobs/{')
        ? request.url.replace(/[\w-]{36}/, await aJob(server))
        : request.url;
      const ask = (as: string) =>
        request.body === undefined
          ? server.ask(url, { method, as, signal: AbortSignal.timeout(10_000) })
          : server.send(method, url, request.body, { as });
      let response = await ask('demo');
      // What is for administrators.
      if (response.status === 403) response = await ask('admin');
      const what = `${method} ${request.url}: ${String(response.status)}`;
      const documented = operation.responses[String(response.status)];
      if (!documented || response.status >= 400) {
        wrong.push([what, await response.text()]);
        continue;
      }
      const type = response.headers.get('content-type')?.split(';')[0] ?? '';
      const media = documented.content?.[type];
      if (!media) {
        if (documented.content) wrong.push([what, `is ${type}`]);
        await response.body?.cancel();
        continue;
      }
      if (type !== 'application/json') {
        await response.body?.cancel();
        continue;
      }
      const { error } = toValidator(media.schema!).safeParse(await response.json());
      if (error) wrong.push([what, error.issues]);
    }

    expect(wrong).toEqual([]);
  });
});

describe('the page at /docs', () => {
  it.each(['/docs/', '/docs/index.html'])('is also where %s leads', async (path) => {
    const response = await aDemoServer().ask(path, { as: null, redirect: 'manual' });

    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/docs');
  });
});

describe('what a route may be refused with', () => {
  it('is 429 wherever a user is known, and 413 wherever there is a body', () => {
    const lacking = operations().flatMap(([method, path, { responses, requestBody }]) => {
      const needed = [...('401' in responses ? ['429'] : []), ...(requestBody ? ['413'] : [])];
      return needed.some((status) => !(status in responses)) ? [`${method} ${path}`] : [];
    });

    expect(lacking).toEqual([]);
  });
});
