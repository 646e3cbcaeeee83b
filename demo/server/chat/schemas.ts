import { z } from '@hono/zod-openapi';

export const maxTitleLength = 200;
export const maxTextLength = 8000;

const idSyntax = /^[A-Za-z0-9][\w.-]{0,63}$/;

const idRule =
  'must be a string of 1 to 64 letters, digits, dots, hyphens and underscores that starts with a letter or digit, or an integer from 0 to 9007199254740991';

const rule = {
  error: ({ input }: { readonly input?: unknown }) => `${idRule}, got ${JSON.stringify(input)}`,
};

/** The id in a path, where an integer is a text like any other. */
export const pathId = z.string().regex(idSyntax, rule);

/** An id that a client has chosen; answers have it as it was given. */
export const givenId = z.union([pathId, z.int(rule).min(0, rule)], rule);

const id = z.union([z.string(), z.int()]);

export const session = z
  .object({
    id,
    title: z.string(),
    tags: z.array(z.string()),
    archived: z.boolean(),
    messageCount: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('ChatSession', {
    example: {
      id: 'demo-1',
      title: 'Rainy days',
      tags: ['planning'],
      archived: false,
      messageCount: 6,
      createdAt: '2026-03-01T08:00:00.000Z',
      updatedAt: '2026-03-01T08:05:00.000Z',
    },
  });

export type Session = z.infer<typeof session>;

export const newSession = z
  .strictObject({
    id: givenId.optional(),
    title: z.string().trim().min(1).max(maxTitleLength).default('New chat'),
    tags: z.array(z.string().trim().min(1).max(40)).max(10).optional(),
  })
  .openapi('NewChatSession', { example: { id: 'summer-party', title: 'Summer party' } });

export const sessionChange = z
  .strictObject({ title: z.string().trim().min(1).max(maxTitleLength) })
  .openapi('ChatSessionChange', { example: { title: 'Rainy days, indoors' } });

export const source = z
  .object({ type: z.literal('activities'), id: z.uuid(), title: z.string() })
  .openapi('ChatSource');

export const message = z
  .object({
    id,
    position: z.int().openapi({ description: 'Counts up from 1, with gaps where one was deleted' }),
    role: z.enum(['user', 'assistant']),
    text: z.string(),
    state: z.enum(['complete', 'stopped']).openapi({
      description: 'An answer whose reader went away is stopped, and has what was read',
    }),
    sources: z.array(source),
    createdAt: z.iso.datetime(),
  })
  .openapi('ChatMessage');

export type Message = z.infer<typeof message>;
export type Source = z.infer<typeof source>;

export const newMessage = z
  .strictObject({
    id: givenId.optional(),
    text: z.string().trim().min(1).max(maxTextLength),
  })
  .openapi('NewChatMessage', { example: { text: 'What can we paint with four-year-olds?' } });
