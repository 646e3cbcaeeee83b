import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBatch, sizeOf, urgencies } from '../../src/wire/encode.ts';
import { aCollector } from '../support/a-collector.ts';
import { aCall } from '../support/calls.ts';
import { calls, priority } from '../support/calls-arbitrary.ts';

describe('the body of every batch', () => {
  it('keeps to `maxBytes` and `maxItems`, counted in the bytes that are sent', async () => {
    await fc.assert(
      fc.asyncProperty(
        calls({ maxLength: 20 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 6 }),
        async (list, maxBytes, maxItems) => {
          const bench = aCollector(
            { maxBytes, maxItems, maxInFlight: 100 },
            {
              sizeOf,
              onSend: (batch) => {
                batch.finish();
              },
            },
          );

          const replies = Promise.all(list.map(bench.collector.handle));
          bench.collector.flush();
          await replies;

          for (const { jobs } of bench.batches) {
            expect(jobs.length).toBeLessThanOrEqual(maxItems);
            expect(Buffer.byteLength(encodeBatch(jobs).body)).toBeLessThanOrEqual(maxBytes);
          }
          const rode = bench.batches.reduce((sum, { jobs }) => sum + jobs.length, 0);
          expect(rode + bench.alone.length).toBe(list.length);
        },
      ),
    );
  });
});

describe('the order in which calls of one task go', () => {
  it('is by priority, then by arrival', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(priority, { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (priorities, maxItems) => {
          const bench = aCollector(
            { maxItems, maxInFlight: 1 },
            {
              onSend: (batch) => {
                batch.finish();
              },
            },
          );

          const list = priorities.map((urgency) => aCall({ priority: urgency }));
          const replies = Promise.all(list.map(bench.collector.handle));
          await bench.clock.endTask();
          await bench.clock.beIdle();
          await replies;

          const order = bench.batches.flatMap(({ jobs }) => jobs.map(({ call }) => call));
          const expected = list.toSorted((a, b) => urgencies[a.priority] - urgencies[b.priority]);
          expect(order.map((call) => list.indexOf(call))).toEqual(
            expected.map((call) => list.indexOf(call)),
          );
        },
      ),
    );
  });
});
