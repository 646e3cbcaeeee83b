import { describe, expect, test } from 'vitest';
import {
  aBatch,
  aGet,
  aServer,
  createGates,
  partsOf,
  problemOf,
  settle,
  type TestItem,
} from './support.ts';

const fails = () => {
  throw new Error('secret');
};

describe('a failed item', () => {
  test.each<[string, number, TestItem]>([
    ['is refused', 400, { method: 'get', url: '//elsewhere/?a=b' }],
    ['has a method that there isn’t', 400, { method: 'FETCH', url: '/a' }],
    ['has failed', 500, { method: 'DELETE', url: '/a?b=c' }],
  ])('that %s echoes what was asked, as it was written', async (_, status, item) => {
    const [part] = await partsOf(await aServer(fails).handle(aBatch([item])));

    expect(part!.status).toBe(status);
    expect(part!.body).toMatchObject({ status, request: item });
  });

  test('that waited in vain does too', async () => {
    const { handle } = aServer(() => new Response(null, { status: 404 }));
    const dependent = { method: 'PUT', url: '/b', dependsOn: ['0'] };

    const [, part] = await partsOf(await handle(aBatch([aGet('/a'), dependent])));

    expect(part!.body).toMatchObject({ status: 424, request: { method: 'PUT', url: '/b' } });
  });

  test('that took too long does too', async () => {
    const { handle } = aServer(() => new Promise<Response>(() => {}), { itemTimeout: 1 });

    const [part] = await partsOf(await handle(aBatch([aGet('/slow')])));

    expect(part!.body).toMatchObject({ status: 504, request: { method: 'GET', url: '/slow' } });
  });

  test('of several that are one echoes the first', async () => {
    const gates = createGates();
    const answer = aServer(gates.dispatch).handle(aBatch([aGet('/a'), aGet('https://app.test/a')]));
    await settle();
    gates.fail('/a', new Error('secret'));

    const [first, second] = await partsOf(await answer);

    expect(first!.body).toMatchObject({ request: { url: '/a' } });
    expect(second!.body).toEqual(first!.body);
  });

  test('has the correlation id of its batch', async () => {
    const [part] = await partsOf(
      await aServer().handle(aBatch([aGet('//bad')], { 'x-correlation-id': 'trip-1' })),
    );

    expect(problemOf(part!).correlationId).toBe('trip-1');
  });

  test('has none where there is none', async () => {
    const [part] = await partsOf(await aServer().handle(aBatch([aGet('//bad')])));

    expect(part!.body).not.toHaveProperty('correlationId');
  });

  test('has the one that the log has, where that is another', async () => {
    const { handle, events } = aServer(fails);

    const [part] = await partsOf(
      await handle(aBatch([aGet('/a')], { 'x-correlation-id': 'trip-1' })),
    );

    const { correlationId } = problemOf(part!);
    expect(correlationId).not.toBe('trip-1');
    expect(events).toMatchObject([{ type: 'error', correlationId }]);
  });
});
