import type { User } from '../http/context.ts';
import { selectFields } from '../http/fields.ts';
import { refuse } from '../http/problem.ts';
import { createRouter, type Router } from '../http/router.ts';
import { asking } from '../jobs/access.ts';
import { acceptedFields } from '../jobs/submit.ts';
import { toView } from '../jobs/view.ts';
import type { Services } from '../services.ts';
import { analysisName, createAnalysis, stepCount } from './analysis.ts';
import { chargeTags, type Charge } from './charge.ts';
import { analysis, batch, list, read } from './descriptions.ts';
import { processCharges } from './process.ts';
import { toCursor } from './query.ts';
import { createChargeStore } from './store.ts';

const noSuchCharacteristic = (name: string, index: number, names: readonly string[]): never =>
  refuse(422, 'No such characteristic', `'${name}' was not measured: ${names.join(', ')} were.`, [
    { pointer: `#/characteristics/${index}`, detail: 'was not measured' },
  ]);

/** Production lots: lists, decisions on many at once, and their analysis. */
export function createChargeRoutes({ database, jobs, bus, config }: Services): Router {
  const router = createRouter();
  const store = createChargeStore(database);
  jobs.handle(analysisName, createAnalysis(store, config.ANALYSIS_STEP_MS));

  const chargeOf = (id: string, user: User): Charge => {
    const charge = store.find(id);
    if (!charge) {
      return refuse(
        404,
        'No such charge',
        `There is no charge '${id}'. GET /api/charges has yours.`,
      );
    }
    if (charge.owner === user.id || user.role === 'admin') return charge;
    return refuse(403, 'Not yours', `Another user answers for the charge '${id}'.`);
  };
  const freshness = (...ids: readonly string[]) => ({
    'cache-control': 'private, no-cache',
    'cache-tag': chargeTags(...ids).join(', '),
  });

  router.openapi(list, (c) => {
    const { limit, cursor, owner, fields: wanted, ...filter } = c.req.valid('query');
    const user = c.get('user');
    const isAdmin = user.role === 'admin';
    if (!isAdmin && owner !== undefined && owner !== user.id) {
      const reason = `You see the charges of '${user.id}', not of '${owner}': leave owner out.`;
      return refuse(403, 'Not yours', reason);
    }
    const asked = { ...filter, owner: isAdmin ? owner : user.id };
    const { charges, total, next } = store.page(asked, limit, cursor ?? null);
    const shown = charges.map((charge) => selectFields(charge, wanted));
    const nextCursor = next && toCursor(next);
    return c.json({ charges: shown, total, nextCursor }, 200, freshness());
  });

  router.openapi(read, (c) => {
    const { id } = c.req.valid('param');
    const charge = chargeOf(id, c.get('user'));
    const characteristics = store
      .seriesOf(id)
      .map(({ readings, ...series }) => ({ ...series, count: readings.length }));
    const shown = selectFields({ ...charge, characteristics }, c.req.valid('query').fields);
    return c.json(shown, 200, freshness(id));
  });

  router.openapi(batch, async (c) => {
    const { items, all_or_nothing: isAtomic } = c.req.valid('json');
    await c.get('countItems')(items.length);
    const now = new Date();
    const user = c.get('user');
    const { results, changed } = processCharges(store, items, { user, isAtomic, now });
    if (changed.length > 0) {
      bus.announce({ tags: chargeTags(...changed.map(({ id }) => id)) });
    }
    const succeeded = results.filter(({ status }) => status === 'success').length;
    const figures = {
      total_requested: items.length,
      total_succeeded: succeeded,
      total_failed: items.length - succeeded,
      processed_at: now.toISOString(),
    };
    return c.json({ results, ...figures }, 200, { 'cache-control': 'no-store' });
  });

  router.openapi(analysis, async (c) => {
    const { id } = c.req.valid('param');
    const { characteristics } = c.req.valid('json');
    const user = c.get('user');
    chargeOf(id, user);
    const names = store.seriesOf(id).map(({ name }) => name);
    for (const [index, name] of (characteristics ?? []).entries()) {
      if (!names.includes(name)) noSuchCharacteristic(name, index, names);
    }
    const input = { chargeId: id, characteristics };
    const total = stepCount(new Set(characteristics ?? names).size);
    const job = await asking(jobs.submit(analysisName, input, user, total));
    const view = toView(job, jobs.settings);
    return c.json(view, 202, acceptedFields(c, job, `/api/jobs/${job.id}`));
  });

  return router;
}
