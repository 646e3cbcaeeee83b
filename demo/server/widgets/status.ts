import type { Body, Of } from './body.ts';
import type { Random } from './random.ts';
import { measuredAt } from './series.ts';
import type { Health, StatusWidget } from './types.ts';

export function status(recipe: Of<'status'>, random: Random): Body<StatusWidget> {
  return {
    services: recipe.services.map((name, index) => {
      const days = Array.from({ length: 30 }, (): 0 | 1 | 2 => {
        const luck = random.next();
        return luck > 0.985 ? 2 : luck > 0.93 ? 1 : 0;
      });
      const lost = days.reduce<number>((sum, day) => sum + day, 0);
      const health: Health = index === 1 && random.next() > 0.4 ? 'degraded' : 'operational';
      return {
        name,
        health,
        uptime: Math.round((100 - lost * 0.07) * 100) / 100,
        latencyMs: random.integer(34, 260),
        checkedAt: new Date(measuredAt - random.integer(4, 58) * 1000).toISOString(),
        days,
      };
    }),
  };
}
