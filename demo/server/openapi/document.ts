import type { Router } from '../http/router.ts';

/** What the routes' own descriptions leave open. */
const about = {
  openapi: '3.1.0',
  info: {
    title: 'Carpool’s reference server',
    version: '0.1.0',
    description:
      'A server that answers batches, and what stands behind it. Every endpoint may be called alone, or as an item of `POST /batch`.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  security: [{ bearer: [] }, { cookie: [] }],
};

/** The OpenAPI document of all that `api` routes. */
export function createDocument(api: Router): Record<string, unknown> {
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  });
  api.openAPIRegistry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: 'token',
  });
  return api.getOpenAPI31Document(about) as unknown as Record<string, unknown>;
}
