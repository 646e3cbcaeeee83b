import { describe, expect, it } from 'vitest';
import { chargeCount } from '../../demo/server/charges/seed.ts';
import { createChargeStore } from '../../demo/server/charges/store.ts';
import type { Charge } from '../../demo/server/charges/charge.ts';
import { aDemoServer, type DemoServer } from '../support/a-demo-server.ts';

interface Page {
  readonly charges: readonly Charge[];
  readonly total: number;
  readonly nextCursor: string | null;
}

async function page(server: DemoServer, query: string, as = 'demo'): Promise<Page> {
  const response = await server.ask(`/api/charges?${query}`, { as });
  expect(response.status, `?${query}`).toBe(200);
  return (await response.json()) as Page;
}

/** All pages of a query. */
async function pages(server: DemoServer, query: string, as = 'demo'): Promise<Charge[]> {
  const charges: Charge[] = [];
  let cursor: string | null = '';
  do {
    const next: Page = await page(server, `${query}${cursor && `&cursor=${cursor}`}`, as);
    charges.push(...next.charges);
    cursor = next.nextCursor;
  } while (cursor !== null);
  return charges;
}

describe('the seeded charges', () => {
  it('are the same each time, and each has measurements', () => {
    const [one, other] = [0, 1].map(() => createChargeStore(aDemoServer().services.database));
    const all = one!.page({}, chargeCount, null);

    expect(all.total).toBe(chargeCount);
    expect(other!.page({}, chargeCount, null)).toEqual(all);
    for (const { id } of all.charges) {
      const series = one!.seriesOf(id);
      expect(series.length, `charge ${id}`).toBeGreaterThanOrEqual(3);
      for (const { readings } of series) expect(readings, `charge ${id}`).toHaveLength(40);
    }
  });

  it('a page is found by way of an index', () => {
    const { database } = aDemoServer().services;

    for (const [where, index] of [
      ["owner = 'demo'", 'charges_by_owner'],
      ["status = 'open'", 'charges_by_status'],
      ['1 = 1', 'charges_by_time'],
    ]) {
      const plan = database
        .prepare(
          `EXPLAIN QUERY PLAN SELECT * FROM charges WHERE ${where} AND (produced_at, id) < ('a', 'b')
           ORDER BY produced_at DESC, id DESC LIMIT 21`,
        )
        .all();
      expect(JSON.stringify(plan)).toContain(index);
      expect(JSON.stringify(plan)).not.toContain('TEMP B-TREE');
    }
  });
});

describe('GET /api/charges', () => {
  it('has twenty of one’s own, the latest first, with how many there are', async () => {
    const server = aDemoServer();

    const { charges, total, nextCursor } = await page(server, '');

    expect(charges).toHaveLength(20);
    expect(total).toBeGreaterThan(100);
    expect(nextCursor).not.toBeNull();
    expect(new Set(charges.map(({ owner }) => owner))).toEqual(new Set(['demo']));
    const times = charges.map(({ producedAt }) => producedAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('page after page, each comes once, and there are as many as was said', async () => {
    const server = aDemoServer();

    const charges = await pages(server, 'limit=100');

    const { total } = await page(server, 'limit=1');
    expect(charges).toHaveLength(total);
    expect(new Set(charges.map(({ id }) => id)).size).toBe(total);
  });

  it('a charge that is new meanwhile moves no page', async () => {
    const server = aDemoServer();
    const first = await page(server, 'limit=2');
    const before = await page(server, `limit=2&cursor=${first.nextCursor}`);
    server.services.database.exec(
      `INSERT INTO charges SELECT 'C-999999', article, line, 'demo', 'open', quantity, unit,
       '2030-01-01T00:00:00.000Z', changed_at, NULL FROM charges LIMIT 1`,
    );

    const after = await page(server, `limit=2&cursor=${first.nextCursor}`);

    expect(after.charges).toEqual(before.charges);
    expect((await page(server, 'limit=1')).charges[0]?.id).toBe('C-999999');
  });

  it('administrators have all, or one user’s', async () => {
    const server = aDemoServer();

    expect((await page(server, '', 'admin')).total).toBe(chargeCount);
    const anns = await page(server, 'owner=ann', 'admin');
    expect(anns.total).toBe((await page(server, '', 'ann')).total);
    expect(anns.total).toBe((await page(server, 'owner=ann', 'ann')).total);
  });

  it('another’s are 403', async () => {
    const response = await aDemoServer().ask('/api/charges?owner=ann');

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining("'ann'") });
  });

  it.each([
    ['status=held', ({ status }: Charge) => status === 'held'],
    ['line=L2', ({ line }: Charge) => line === 'L2'],
    ['article=oil', ({ article }: Charge) => /oil/i.test(article)],
    [
      'from=2026-03-01T01:00:00%2B01:00&to=2026-04-01T00:00:00Z',
      ({ producedAt }: Charge) => producedAt >= '2026-03-01' && producedAt < '2026-04-01',
    ],
    ['status=open&line=L1', ({ status, line }: Charge) => status === 'open' && line === 'L1'],
  ])('?%s narrows it down', async (query, isWanted) => {
    const server = aDemoServer();

    const narrowed = await pages(server, `limit=100&${query}`);

    const all = await pages(server, 'limit=100');
    expect(narrowed).toEqual(all.filter(isWanted));
    expect(narrowed.length).toBeGreaterThan(0);
    expect(narrowed.length).toBeLessThan(all.length);
  });

  it('wildcards in the name of an article are letters like others', async () => {
    const server = aDemoServer();
    server.services.database.exec(
      String.raw`UPDATE charges SET article = 'Ethanol 96% a_b \ c' WHERE id = 'C-101199'`,
    );

    for (const part of ['%', '96%', 'a_b', String.raw`\ c`]) {
      expect((await page(server, `article=${encodeURIComponent(part)}`)).total).toBe(1);
    }
    expect((await page(server, 'article=a%25b')).total).toBe(0);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=many', 'limit'],
    ['cursor=x', 'cursor'],
    [`cursor=${Buffer.from('a b').toString('base64url')}`, 'cursor'],
    [`cursor=${'x'.repeat(201)}`, 'cursor'],
    ['status=lost', 'status'],
    ['from=yesterday', 'from'],
    ['to=2026-13-01T00:00:00Z', 'to'],
  ])('?%s is 400 with the parameter named', async (query, name) => {
    const response = await aDemoServer().ask(`/api/charges?${query}`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer: `#/${name}` }] });
  });

  it('is 401 for nobody', async () => {
    expect((await aDemoServer().ask('/api/charges', { as: null })).status).toBe(401);
  });
});

describe('GET /api/charges/{id}', () => {
  it('has the charge and what was measured of it, to be kept under its tags', async () => {
    const server = aDemoServer();
    const [charge] = (await page(server, 'limit=1')).charges;

    const response = await server.ask(`/api/charges/${charge!.id}`);

    const body = (await response.json()) as { characteristics: { count: number }[] };
    expect(body).toMatchObject(charge!);
    expect(body.characteristics.map(({ count }) => count)).toEqual([40, 40, 40]);
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
    expect(response.headers.get('cache-tag')).toBe(`charges, charge-${charge!.id}`);
    expect(response.headers.get('etag')).not.toBeNull();
  });

  it('is 404 for none, 403 for another’s, 200 for administrators', async () => {
    const server = aDemoServer();
    const [charge] = (await page(server, 'limit=1', 'ann')).charges;
    const path = `/api/charges/${charge!.id}`;

    const none = await server.ask('/api/charges/C-1');
    expect(none.status).toBe(404);
    expect(await none.json()).toMatchObject({ detail: expect.stringContaining("'C-1'") });
    expect((await server.ask(path)).status).toBe(403);
    expect((await server.ask(path, { as: 'admin' })).status).toBe(200);
  });
});

describe('the charges’ descriptions', () => {
  it('have examples that work for the user demo', async () => {
    const server = aDemoServer({ ANALYSIS_STEP_MS: 0 });
    const document = (await (await server.ask('/openapi.json')).json()) as {
      components: { schemas: Record<string, { example?: unknown }> };
    };
    const { example } = document.components.schemas['ProcessCharges']!;

    const batch = await server.send('POST', '/api/charges/batch', example);
    const statuses = await Promise.all(
      [
        server.ask(
          '/api/charges?limit=20&status=open&line=L1&article=oil&from=2026-01-05T00:00:00Z&to=2027-01-01T00:00:00Z',
        ),
        server.ask('/api/charges/C-101199'),
        server.send('POST', '/api/charges/C-101199/analysis', {}),
        server.ask('/api/jobs?state=succeeded&name=analysis&limit=20'),
      ].map(async (response) => (await response).status),
    );

    expect(await batch.json()).toMatchObject({ total_succeeded: 2, total_failed: 0 });
    expect(statuses).toEqual([200, 200, 202, 200]);
  });
});
