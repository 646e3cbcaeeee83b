import { OpenAPIHono, z, type RouteConfig } from '@hono/zod-openapi';
import type { AppEnv } from './context.ts';
import { problem, toPointer, type MemberProblem } from './problem.ts';

export type Router = OpenAPIHono<AppEnv>;

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem', { description: 'Problem details (RFC 9457)' });

const meanings: Readonly<Record<number, string>> = {
  400: 'The request makes no sense',
  401: 'No valid token',
  403: 'Not allowed to this user',
  404: 'There is no such thing',
  409: 'It is in the way of another',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'A member has a value that it can’t have',
  429: 'Too many requests',
  502: 'What it depends on failed',
  503: 'Not now',
  504: 'It took too long',
};

/** What goes without saying: whom a limit knows it can refuse, and what has a type can be too large. */
const implied: Readonly<Record<number, number>> = { 401: 429, 415: 413 };

/** The answers of a route that are problems, for its `responses`. */
export const problems = <const Status extends number>(
  ...statuses: readonly Status[]
): Record<Status, RouteConfig['responses'][string]> =>
  Object.fromEntries(
    [...new Set(statuses.flatMap((status) => [status, implied[status] ?? status]))].map(
      (status) => [
        status,
        {
          description: meanings[status] ?? 'It failed',
          content: { 'application/problem+json': { schema: problemSchema } },
        },
      ],
    ),
  ) as unknown as Record<Status, RouteConfig['responses'][string]>;

/** The answer of a route that is JSON. */
export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** What a route takes as its body. */
export const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { 'application/json': { schema } },
});

const places: Readonly<Record<string, string>> = {
  json: 'The body',
  query: 'The query',
  param: 'The path',
  header: 'The header',
};

/** Creates a router whose routes are described by schemas; what doesn't fit them is refused with its members named. */
export function createRouter(): Router {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined;
      const errors: MemberProblem[] = result.error.issues.map(({ path, message }) => ({
        pointer: toPointer(path),
        detail: message,
      }));
      const status = result.target === 'json' ? 422 : 400;
      const names = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
      const place = places[result.target] ?? 'The request';
      return problem(
        status,
        'Not what is expected',
        `${place} isn't what it should be: ${names}`,
        errors,
      );
    },
  });
}
