import { expect, it } from 'vitest';
import type { Call } from '../../src/core/types.ts';
import { aCollector } from '../support/a-collector.ts';

it.each<[string, Partial<Call>, Partial<Call>]>([
  ['credentials', { credentials: 'omit' }, { credentials: 'include' }],
  ['endpoint', { endpoint: 'https://a.test/b' }, { endpoint: 'https://b.test/b' }],
  [
    'Authorization',
    { headers: [['authorization', 'Bearer 1']] },
    { headers: [['authorization', 'Bearer 2']] },
  ],
  ['Authorization, and none', { headers: [['authorization', 'Bearer 1']] }, { headers: [] }],
])('calls that differ in %s never share a batch', async (_, one, two) => {
  const { ask, clock, sent } = aCollector();

  void ask('/1a', one);
  void ask('/2a', two);
  void ask('/1b', one);
  void ask('/2b', two);
  await clock.endTask();

  expect(sent()).toEqual([
    ['/1a', '/1b'],
    ['/2a', '/2b'],
  ]);
});

it.each<[string, Partial<Call>]>([
  ['methods', { method: 'POST' }],
  ['priorities', { priority: 'high' }],
  ['other headers', { headers: [['x-key', '1']] }],
])('calls that differ in their %s do', async (_, other) => {
  const { ask, batches, clock } = aCollector();

  void ask('/a');
  void ask('/b', other);
  await clock.endTask();

  expect(batches).toHaveLength(1);
});

it('the lane of the call that came first goes first, of two as urgent', async () => {
  const { ask, batches, clock, sent } = aCollector({ maxInFlight: 1 });
  void ask('/first', { credentials: 'include' });
  await clock.endTask();

  void ask('/low', { priority: 'low' });
  void ask('/earlier', { credentials: 'omit' });
  void ask('/later');
  await clock.endTask();
  batches[0]?.finish();
  await clock.endTask();

  expect(sent()).toEqual([['/first'], ['/earlier']]);
});

it('the lane of the most urgent call goes first', async () => {
  const { ask, batches, clock, sent } = aCollector({ maxInFlight: 1 });
  void ask('/first');
  await clock.endTask();

  void ask('/normal', { credentials: 'omit' });
  void ask('/high', { credentials: 'include', priority: 'high' });
  await clock.endTask();
  batches[0]?.finish();
  await clock.endTask();

  expect(sent()).toEqual([['/first'], ['/high']]);
});
