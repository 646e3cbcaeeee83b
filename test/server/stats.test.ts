import { describe, expect, test, vi } from 'vitest';
import type { BatchStats } from '../../src/server/index.ts';
import { aBatch, aGet, aServer, createGates, linesOf, streamed, wholeOf } from './support.ts';

describe('stats', () => {
  test.each([
    ['hit', 'app; hit', 1],
    ['hit, with more', 'app;ttl=30 ; hit;key="a; b"', 1],
    ['hit, said with a value', 'app; hit=?1', 1],
    ['hit, of one of two caches', 'app; fwd=uri-miss, edge; hit', 1],
    ['no hit', 'app; hit=?0', 0],
    ['miss', 'app; fwd=uri-miss', 0],
    ['a key that looks like one', 'app; fwd=miss; key="; hit"', 0],
    ['a parameter that begins like one', 'app; hits', 0],
  ])('cacheHits counts what Cache-Status tells: %s', async (_, field, hits) => {
    const { handle } = aServer(() => Response.json({}, { headers: { 'cache-status': field } }));

    const { stats } = await wholeOf(await handle(aBatch([aGet('/a')])));

    expect(stats['cacheHits']).toBe(hits);
  });

  test('an item that shares a hit is deduplicated, not a hit of its own', async () => {
    const { handle } = aServer(() => Response.json({}, { headers: { 'cache-status': 'a; hit' } }));

    const { stats } = await wholeOf(await handle(aBatch([aGet('/a'), aGet('/a'), aGet('/b')])));

    expect(stats).toMatchObject({ total: 3, deduplicated: 1, cacheHits: 2 });
  });

  test.each([
    ['buffered', {}],
    ['streamed', streamed],
  ])('onStats hears of a %s batch what its client reads', async (_, headers) => {
    const heard: BatchStats[] = [];
    const { handle } = aServer(undefined, { onStats: (stats) => heard.push(stats) });

    const response = await handle(aBatch([aGet('/a'), aGet('//bad'), aGet('/a')], headers));
    const { stats } = headers === streamed ? await linesOf(response) : await wholeOf(response);

    expect(heard).toEqual([stats]);
    expect(stats).toMatchObject({ total: 3, succeeded: 2, failed: 1, deduplicated: 1 });
  });

  test('onStats hears nothing of a batch whose client has gone', async () => {
    const onStats = vi.fn<(stats: BatchStats) => void>();
    const gates = createGates();
    const { handle } = aServer(gates.dispatch, { onStats });
    const gone = new AbortController();

    const answer = handle(new Request(aBatch([aGet('/a')]), { signal: gone.signal }));
    gone.abort();
    gates.open('/a');
    await answer;

    expect(onStats).not.toHaveBeenCalled();
  });

  test('onStats may throw', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const onStats = (): never => {
      throw new Error('broken listener');
    };
    const { handle } = aServer(undefined, { onStats });

    const { responses } = await wholeOf(await handle(aBatch([aGet('/a')])));

    expect(responses).toMatchObject([{ status: 200 }]);
    expect(log).toHaveBeenCalledWith('carpool: onStats threw:', expect.any(Error));
    log.mockRestore();
  });
});
