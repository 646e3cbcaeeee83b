/** Checked by the compiler only (`npm run types`); nothing here runs. */
import {
  createCarpool,
  type BatchError,
  type BatchErrorCode,
  type BatchEvent,
  type CarpoolOptions,
} from 'carpool';
import { createBatchHandler } from 'carpool/server';
import { expectTypeOf, test } from 'vitest';

const carpool = createCarpool();

test('carpool.fetch goes wherever fetch goes', () => {
  expectTypeOf(carpool.fetch).toExtend<typeof fetch>();
  expectTypeOf(carpool.fetch('/api/1')).resolves.toEqualTypeOf<Response>();
  void carpool.fetch(new URL('https://app.test/'), { carpool: { priority: 'low' } });
  void carpool.fetch(new Request('/api/1'), { method: 'POST', carpool: { batch: false } });
  // @ts-expect-error -- no such priority
  void carpool.fetch('/api/1', { carpool: { priority: 'urgent' } });
});

test('every option may be left out, or be undefined', () => {
  expectTypeOf<Record<keyof CarpoolOptions, undefined>>().toExtend<CarpoolOptions>();
  createCarpool({ window: '5ms', timeout: false, rules: [{ match: /^\/api/, priority: 'high' }] });
  // @ts-expect-error -- a duration has a unit
  createCarpool({ window: '5' });
  // @ts-expect-error -- no such option
  createCarpool({ maxItem: 5 });
});

test('an event has its own type', () => {
  expectTypeOf(carpool.on)
    .parameter(0)
    .toEqualTypeOf<'call' | 'batch' | 'cache' | 'retry' | 'fallback'>();
  carpool.on('batch', (event) => expectTypeOf(event).toEqualTypeOf<BatchEvent>());
  // @ts-expect-error -- no such event
  carpool.on('departure', () => {});
});

test('an error is a TypeError with a code', () => {
  expectTypeOf<BatchError>().toExtend<TypeError>();
  expectTypeOf<BatchError['code']>().toEqualTypeOf<BatchErrorCode>();
});

test('a batch handler is made of web standards', () => {
  const handler = createBatchHandler({ dispatch: (request) => fetch(request) });

  expectTypeOf(handler).toEqualTypeOf<(request: Request) => Promise<Response>>();
});
