import { z } from '@hono/zod-openapi';

type Typed = z.ZodObject<{ readonly resource_type: z.ZodLiteral<string> } & z.core.$ZodLooseShape>;

/** A body whose `resource_type` tells what else it has. */
export function oneOfTypes<Schema extends Typed>(name: string, schemas: readonly Schema[]) {
  const names = schemas.map(({ shape }) => shape.resource_type.value).join(', ');
  return z
    .discriminatedUnion('resource_type', schemas as unknown as readonly [Schema, ...Schema[]], {
      error: ({ input }) => {
        if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
        const { resource_type: given } = input as { readonly resource_type?: unknown };
        return `must be one of ${names}, got ${JSON.stringify(given)}`;
      },
    })
    .openapi(name);
}
