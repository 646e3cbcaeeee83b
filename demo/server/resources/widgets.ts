import { z } from '@hono/zod-openapi';
import { createWidget, maxWidgetId } from '../widgets/create-widget.ts';
import { widget } from '../widgets/schema.ts';
import { isAnybodys, type ReadableType } from './types.ts';

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
