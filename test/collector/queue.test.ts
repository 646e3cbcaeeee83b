import { describe, expect, it } from 'vitest';
import { createQueue, type Queue, type Waiting } from '../../src/collector/queue.ts';
import { aCall } from '../support/calls.ts';

const caps = { maxItems: 2, maxBytes: 1000 };

const aWaiting = (order: number): Waiting => ({ call: aCall(), bytes: 10, since: 0, order });

function aQueue(count: number): { queue: Queue<Waiting>; all: Waiting[] } {
  const queue = createQueue<Waiting>();
  const all = Array.from({ length: count }, (_, order) => aWaiting(order));
  for (const one of all) queue.add(one);
  return { queue, all };
}

const take = (queue: Queue<Waiting>): number[] =>
  queue.take(queue.urgent()!, caps, 0).map(({ order }) => order);

describe('a queue', () => {
  it('passes over those who have left, at its head and within', () => {
    const { queue, all } = aQueue(5);

    for (const order of [0, 2, 3]) queue.remove(all[order]!);

    expect(take(queue)).toEqual([1, 4]);
    expect(queue.urgent()).toBeUndefined();
  });

  it('takes in order who comes before and after it was empty', () => {
    const { queue } = aQueue(3);

    expect(take(queue)).toEqual([0, 1]);
    queue.add(aWaiting(3));
    expect(take(queue)).toEqual([2, 3]);
    expect(queue.urgent()).toBeUndefined();
    queue.add(aWaiting(4));

    expect(take(queue)).toEqual([4]);
    expect([queue.size(), queue.bytes()]).toEqual([0, 0]);
  });

  it('finds who comes after all have left', () => {
    const { queue, all } = aQueue(2);
    expect(queue.urgent()).toBe(all[0]);

    for (const one of all) queue.remove(one);
    queue.add(aWaiting(2));

    expect(take(queue)).toEqual([2]);
  });
});
