import { expect, test } from 'vitest';
import { createWidget, firstSmallId, idIn, pathOf } from '../../bench/network/widgets.ts';

test('a widget is 1 to 4 kB of JSON', () => {
  const sizes = Array.from({ length: 200 }, (_, id) => JSON.stringify(createWidget(id)).length);

  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1000);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(4000);
});

test('a small widget is much less, and has a path, too', () => {
  const { length } = JSON.stringify(createWidget(firstSmallId));

  expect(length).toBeLessThan(200);
  expect(idIn(pathOf(firstSmallId))).toBe(firstSmallId);
});

test('the same id is the same widget', () => {
  expect(createWidget(17)).toEqual(createWidget(17));
  expect(createWidget(17)).not.toEqual(createWidget(18));
});

test('a path leads back to its id, and others to none', () => {
  expect(idIn(pathOf(17))).toBe(17);
  expect(idIn('/api/widgets/by-ids')).toBeUndefined();
});
