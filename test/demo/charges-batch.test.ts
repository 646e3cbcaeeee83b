import { describe, expect, it } from 'vitest';
import type { ChargeStatus } from '../../demo/server/charges/charge.ts';
import { createChargeStore } from '../../demo/server/charges/store.ts';
import { aDemoServer } from '../support/a-demo-server.ts';

interface Result {
  readonly request_id?: string;
  readonly id: string;
  readonly status: string;
  readonly status_code: number;
  readonly data: { readonly status: string; readonly reason: string | null } | null;
  readonly error: string | null;
}

interface Processed {
  readonly results: readonly Result[];
  readonly total_requested: number;
  readonly total_succeeded: number;
  readonly total_failed: number;
  readonly processed_at: string;
}

function aServer() {
  const server = aDemoServer();
  const store = createChargeStore(server.services.database);
  return {
    ...server,
    store,
    /** The id of the nth latest charge of a user in a status. */
    idOf: (status: ChargeStatus, owner = 'demo', nth = 0): string =>
      store.page({ status, owner }, nth + 1, null).charges[nth]!.id,
    process: (items: readonly object[], more: object = {}, as = 'demo') =>
      server.send('POST', '/api/charges/batch', { items, ...more }, { as }),
  };
}

const read = async (response: Response): Promise<Processed> => {
  expect(response.status).toBe(200);
  return (await response.json()) as Processed;
};

describe('POST /api/charges/batch', () => {
  it('each item has its result, in order, with the figures of all', async () => {
    const server = aServer();
    const [open, held] = [server.idOf('open'), server.idOf('held')];

    const response = await server.process([
      { request_id: 'a', id: open, action: 'hold', reason: 'Look again' },
      { request_id: 'b', id: 'C-1', action: 'release' },
      { id: held, action: 'release' },
    ]);

    const body = await read(response);
    expect(body).toMatchObject({
      results: [
        {
          request_id: 'a',
          id: open,
          status: 'success',
          status_code: 200,
          data: { id: open, status: 'held', reason: 'Look again' },
          error: null,
        },
        { request_id: 'b', id: 'C-1', status: 'error', status_code: 404, data: null },
        { id: held, status: 'success', data: { status: 'released', reason: null } },
      ],
      total_requested: 3,
      total_succeeded: 2,
      total_failed: 1,
    });
    expect(Date.parse(body.processed_at)).not.toBeNaN();
    expect(server.store.find(open)).toMatchObject({
      status: 'held',
      reason: 'Look again',
      changedAt: body.processed_at,
    });
    expect(server.store.find(held)).toMatchObject({ status: 'released', reason: null });
  });

  it.each([
    ['release', 'open', 'released'],
    ['release', 'held', 'released'],
    ['hold', 'open', 'held'],
    ['hold', 'released', 'held'],
    ['reject', 'open', 'rejected'],
    ['reject', 'held', 'rejected'],
    ['reopen', 'held', 'open'],
    ['reopen', 'released', 'open'],
    ['reopen', 'rejected', 'open'],
  ] as const)('%s makes a charge that is %s one that is %s', async (action, from, to) => {
    const server = aServer();
    const id = server.idOf(from);

    const body = await read(await server.process([{ id, action, reason: 'So' }], {}, 'admin'));

    expect(body.results[0]).toMatchObject({ status_code: 200, data: { status: to } });
    expect(server.store.find(id)?.status).toBe(to);
  });

  it.each([
    ['release', 'released'],
    ['release', 'rejected'],
    ['hold', 'held'],
    ['hold', 'rejected'],
    ['reject', 'released'],
    ['reject', 'rejected'],
    ['reopen', 'open'],
  ] as const)('%s of one that is %s is 409, and says what it is for', async (action, from) => {
    const server = aServer();
    const id = server.idOf(from);

    const body = await read(await server.process([{ id, action, reason: 'So' }], {}, 'admin'));

    expect(body.results[0]).toMatchObject({
      status_code: 409,
      error: expect.stringContaining(`not ${from}`),
    });
    expect(server.store.find(id)?.status).toBe(from);
  });

  it('another’s charge is 403, and an administrator’s to process', async () => {
    const server = aServer();
    const id = server.idOf('open', 'ann');

    const [mine] = (await read(await server.process([{ id, action: 'release' }]))).results;
    expect(mine).toMatchObject({ status_code: 403, error: expect.stringContaining("'ann'") });
    expect(server.store.find(id)?.status).toBe('open');
    const [admins] = (await read(await server.process([{ id, action: 'release' }], {}, 'admin')))
      .results;
    expect(admins).toMatchObject({ status_code: 200 });
  });

  it('reopening is for administrators', async () => {
    const server = aServer();
    const id = server.idOf('rejected');

    const [result] = (await read(await server.process([{ id, action: 'reopen' }]))).results;

    expect(result).toMatchObject({ status_code: 403, error: "'reopen' is for administrators." });
  });

  it.each(['hold', 'reject'])('%s without a reason is 422', async (action) => {
    const server = aServer();

    const [result] = (await read(await server.process([{ id: server.idOf('open'), action }])))
      .results;

    expect(result).toMatchObject({ status_code: 422, error: expect.stringContaining("'reason'") });
  });

  it('two items for one charge follow upon each other', async () => {
    const server = aServer();
    const id = server.idOf('open');

    const body = await read(
      await server.process([
        { id, action: 'hold', reason: 'Wait' },
        { id, action: 'release' },
        { id, action: 'release' },
      ]),
    );

    expect(body.results.map(({ status_code }) => status_code)).toEqual([200, 200, 409]);
    expect(server.store.find(id)?.status).toBe('released');
  });

  it('all or nothing: one that fails keeps the others from changing anything', async () => {
    const server = aServer();
    const id = server.idOf('open');

    const body = await read(
      await server.process(
        [
          { request_id: 'a', id, action: 'release' },
          { id: 'C-1', action: 'release' },
        ],
        { all_or_nothing: true },
      ),
    );

    expect(body.results).toMatchObject([
      { request_id: 'a', status: 'error', status_code: 424, data: null },
      { status_code: 404 },
    ]);
    expect(body).toMatchObject({ total_succeeded: 0, total_failed: 2 });
    expect(server.store.find(id)?.status).toBe('open');
  });

  it('all or nothing: where none fails, all is done', async () => {
    const server = aServer();
    const ids = [server.idOf('open'), server.idOf('open', 'demo', 1)];

    const body = await read(
      await server.process(
        ids.map((id) => ({ id, action: 'release' })),
        { all_or_nothing: true },
      ),
    );

    expect(body.total_succeeded).toBe(2);
    expect(ids.map((id) => server.store.find(id)?.status)).toEqual(['released', 'released']);
  });

  it('a hundred charges are read with one statement', async () => {
    const server = aServer();
    const { charges } = server.store.page({ owner: 'demo' }, 100, null);
    const { database } = server.services;
    const { prepare } = database;
    const statements: string[] = [];
    Object.assign(database, {
      prepare: (sql: string) => {
        statements.push(sql);
        return prepare.call(database, sql);
      },
    });

    const body = await read(
      await server.process(charges.map(({ id }) => ({ id, action: 'hold', reason: 'All' }))),
    );

    expect(body.total_requested).toBe(100);
    expect(statements.filter((sql) => sql.includes('FROM charges'))).toHaveLength(1);
  });

  it('announces what has changed, and nothing where nothing has', async () => {
    const server = aServer();
    const heard: unknown[] = [];
    server.services.bus.listen((announcement) => heard.push(announcement));
    const id = server.idOf('open');

    await server.process([{ id: 'C-1', action: 'release' }]);
    await server.process([{ id, action: 'release' }]);

    expect(heard).toEqual([{ tags: ['charges', `charge-${id}`] }]);
  });

  it.each([
    ['no items', { items: [] }, '#/items'],
    [
      'too many',
      { items: Array.from({ length: 101 }, () => ({ id: 'C-1', action: 'release' })) },
      '#/items',
    ],
    ['no array', { items: 'C-1' }, '#/items'],
    ['an unknown action', { items: [{ id: 'C-1', action: 'sell' }] }, '#/items/0/action'],
    ['no id', { items: [{ action: 'release' }] }, '#/items/0/id'],
    ['an id that is a number', { items: [{ id: 1, action: 'release' }] }, '#/items/0/id'],
    ['a blank reason', { items: [{ id: 'a', action: 'hold', reason: ' ' }] }, '#/items/0/reason'],
    [
      'a reason that is too long',
      { items: [{ id: 'a', action: 'hold', reason: 'x'.repeat(501) }] },
      '#/items/0/reason',
    ],
    ['a member too many', { items: [{ id: 'a', action: 'release', by: 'me' }] }, '#/items/0'],
    [
      'no boolean',
      { items: [{ id: 'a', action: 'release' }], all_or_nothing: 'yes' },
      '#/all_or_nothing',
    ],
  ])('an envelope with %s is 422, with the member named', async (_, body, pointer) => {
    const response = await aServer().send('POST', '/api/charges/batch', body);

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });
});
