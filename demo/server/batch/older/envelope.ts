import { z } from '@hono/zod-openapi';

const maxItems = 100;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const method = z
  .string()
  .transform((text) => text.toUpperCase())
  .pipe(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']))
  .default('GET');

const item = z
  .looseObject({
    id: z.union([z.string().min(1).max(200), z.int()]).optional(),
    method: method.openapi({ type: 'string', description: 'In any case', default: 'GET' }),
    endpoint: z.string().min(1).max(8192).optional().openapi({ description: 'A path, or `url`' }),
    url: z.string().min(1).max(8192).optional(),
    params: z
      .record(z.string(), z.union([scalar, z.array(scalar)]))
      .nullish()
      .openapi({ description: 'Added to the query; null leaves a parameter out' }),
    headers: z.record(z.string(), z.union([z.string(), z.number()])).nullish(),
    body: z.unknown().optional().openapi({ description: 'The body, or `data`' }),
    data: z.unknown().optional(),
    priority: z.enum(['critical', 'high', 'normal', 'low']).optional(),
  })
  .superRefine(({ endpoint, url, body, data }, context) => {
    const complain = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    if (endpoint === undefined && url === undefined) {
      complain('endpoint', 'Required, such as "/api/widgets/1"; url will do as well');
    }
    if (endpoint !== undefined && url !== undefined && endpoint !== url) {
      complain('url', 'Differs from endpoint: send one of them');
    }
    if (body !== undefined && data !== undefined) complain('data', 'There is a body: send one');
  })
  .openapi('OlderBatchItem');

export type OlderItem = z.infer<typeof item>;

/** The older envelope. Members that it doesn't know it leaves alone, as its older servers did. */
export const olderEnvelope = z
  .looseObject({
    requests: z.array(item).min(1).max(maxItems),
    parallel: z.boolean().optional().openapi({ description: 'false: one item after the other' }),
    max_concurrency: z.int().min(1).max(1000).optional(),
    deduplicate: z.boolean().optional(),
    cache: z.boolean().optional().openapi({ description: 'false: neither read nor written' }),
    retry: z.boolean().optional(),
    timeout: z.number().positive().max(300).optional().openapi({ description: 'Of an item, in s' }),
  })
  .superRefine(({ requests }, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of requests.entries()) {
      if (id === undefined) continue;
      const isNew = !seen.has(String(id));
      seen.add(String(id));
      if (isNew) continue;
      context.addIssue({
        code: 'custom',
        path: ['requests', index, 'id'],
        message: `'${id}' is the id of an earlier item too; give each its own`,
      });
    }
  })
  .openapi('OlderBatch', {
    example: {
      requests: [
        { id: 'first', method: 'GET', endpoint: '/api/widgets/1', params: { maxAge: 60 } },
        { id: 'again', method: 'GET', url: '/api/widgets/1?maxAge=60' },
        { id: 2, method: 'POST', endpoint: '/api/notes', data: { text: 'Milk' } },
      ],
      parallel: true,
    },
  });

export type OlderEnvelope = z.infer<typeof olderEnvelope>;
