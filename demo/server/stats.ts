import { Hono } from 'hono';
import type { WireCounter } from './wire-counter.ts';

/** `GET /api/stats` reads what has crossed the wire; `DELETE` starts again from zero. */
export function createStats(counter: WireCounter): Hono {
  const stats = new Hono();
  stats.get('/api/stats', (c) => c.json(counter.read(), 200, { 'cache-control': 'no-store' }));
  stats.delete('/api/stats', (c) => {
    counter.reset();
    return c.body(null, 204);
  });
  return stats;
}
