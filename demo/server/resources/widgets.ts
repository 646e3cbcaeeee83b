import { z } from '@hono/zod-openapi';
import { createWidget, maxWidgetId } from '../widgets/create-widget.ts';
import { isAnybodys, type ReadableType } from './types.ts';

const list = z.array(z.unknown()).optional();

/** What widgets of any kind have; which of it one has depends on its kind. */
const widget = z.object({
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
});

/** The widgets of the dashboard, by lists of ids. */
export const createWidgetType = (): ReadableType => ({
  name: 'widgets',
  id: z.string().regex(/^[1-9]\d{0,5}$/, {
    error: ({ input }) => `must be a number from 1 in a string, got ${JSON.stringify(input)}`,
  }),
  schema: widget,
  example: '7',
  mayRead: isAnybodys,
  find: (ids) =>
    new Map(
      ids
        .filter((id) => Number(id) <= maxWidgetId)
        .map((id) => [id, { owner: null, value: createWidget(Number(id)) }]),
    ),
});
