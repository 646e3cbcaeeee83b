import { catalogue, markets } from './catalogue.ts';
import { feed } from './feed.ts';
import { bar, donut, kpi, line, table } from './figures.ts';
import { createRandom } from './random.ts';
import { regions } from './regions.ts';
import { status } from './status.ts';
import type { Widget } from './types.ts';

/** Ids run from 1 to this; the dashboard uses the first forty-two. */
export const maxWidgetId = 10_000;

/**
 * The widget of that id: 1–4 kB as JSON, a function of the id alone.
 *
 * @throws RangeError if `id` is not an integer from 1 to {@link maxWidgetId}
 */
export function createWidget(id: number): Widget {
  const recipe = catalogue[(id - 1) % catalogue.length];
  if (!Number.isInteger(id) || id < 1 || id > maxWidgetId || !recipe) {
    throw new RangeError(`a widget id is an integer from 1 to ${maxWidgetId}, got ${id}`);
  }

  const round = Math.floor((id - 1) / catalogue.length);
  const market = round === 0 ? '' : ` · ${markets[round % markets.length] ?? ''}`;
  const head = { id, title: recipe.title, subtitle: recipe.subtitle + market };
  const random = createRandom(id);

  switch (recipe.kind) {
    case 'kpi':
      return { ...head, kind: 'kpi', ...kpi(recipe, random) };
    case 'line':
      return { ...head, kind: 'line', ...line(recipe, random) };
    case 'bar':
      return { ...head, kind: 'bar', ...bar(recipe, random) };
    case 'table':
      return { ...head, kind: 'table', ...table(recipe, random) };
    case 'feed':
      return { ...head, kind: 'feed', ...feed(recipe, random) };
    case 'status':
      return { ...head, kind: 'status', ...status(recipe, random) };
    case 'regions':
      return { ...head, kind: 'regions', ...regions(recipe, random) };
    case 'donut':
      return { ...head, kind: 'donut', ...donut(recipe, random) };
  }
}
