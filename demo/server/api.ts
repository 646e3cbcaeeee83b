import { Hono } from 'hono';
import { readDelay, wait } from './delay.ts';
import { problem } from './problem.ts';
import { createWidget, maxWidgetId } from './widgets/create-widget.ts';

/**
 * The application's own endpoints, which know nothing of batches.
 *
 * - `GET /api/widgets/:id` answers with the widget of that id.
 *   - `?delay=ms` is how long the work takes.
 *   - `?straggler=ms` is a hold-up on top of that, for the one widget that spoils the page.
 */
export function createApi(): Hono {
  const api = new Hono();

  api.get('/api/widgets/:id', async (c) => {
    const text = c.req.param('id');
    const id = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0;
    if (id < 1 || id > maxWidgetId) {
      const range = `Widgets are numbered from 1 to ${maxWidgetId}.`;
      return problem(404, 'No such widget', `There is no widget '${text}'. ${range}`);
    }

    let delayMs: number;
    try {
      const query = new URL(c.req.url).searchParams;
      delayMs = readDelay(query, 'delay') + readDelay(query, 'straggler');
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return problem(400, 'Bad delay', error.message);
    }

    const { signal } = c.req.raw;
    try {
      await wait(delayMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      // Nobody is left to read this; the status is nginx's for "client closed request".
      return problem(499, 'Gone', 'The client went away before the widget was ready.');
    }

    // no-store: every figure on the page and in the comparison must come from the server.
    return c.json(createWidget(id), 200, { 'cache-control': 'no-store' });
  });

  api.notFound((c) => problem(404, 'Not found', `Nothing is served at ${c.req.path}.`));
  api.onError((error) => {
    console.error(error);
    return problem(500, 'Something went wrong', 'The server failed; its log has the reason.');
  });

  return api;
}
