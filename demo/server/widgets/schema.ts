import { z } from '@hono/zod-openapi';

const list = z.array(z.unknown()).optional();

/** What widgets of any kind have; which of it one has depends on its kind. */
export const widget = z
  .object({
    id: z.int(),
    kind: z.string(),
    title: z.string(),
    subtitle: z.string(),
    unit: z.string().optional(),
    value: z.number().optional(),
    change: z.number().optional(),
    better: z.enum(['up', 'down']).optional(),
    total: z.number().optional(),
    series: list,
    lines: list,
    bars: list,
    segments: list,
    columns: list,
    rows: list,
    items: list,
    services: list,
    regions: list,
  })
  .openapi('Widget', { description: 'What else there is depends on its kind' });
