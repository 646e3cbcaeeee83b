import { describe, expect, it } from 'vitest';
import { createUnderWay } from '../../src/core/under-way.ts';
import { failureOf, stateOf } from '../support/drained.ts';

describe('what is under way', () => {
  it('is settled when the last has ended, however it ends', async () => {
    const underWay = createUnderWay();
    const [one, other] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
    const [answer, failure] = [
      underWay.watch(one.promise),
      failureOf(underWay.watch(other.promise)),
    ];
    const settled = underWay.settled();

    one.resolve(1);
    expect(await answer).toBe(1);
    expect(await stateOf(settled)).toBe('pending');
    other.reject(new Error('lost'));

    expect(await failure).toEqual(new Error('lost'));
    expect(await stateOf(settled)).toBe('ok');
  });

  it('does not wait for what begins later, nor count its end', async () => {
    const underWay = createUnderWay();
    const [early, late, never] = [1, 2, 3].map(() => Promise.withResolvers<void>());
    void underWay.watch(early!.promise);
    const settled = underWay.settled();
    void underWay.watch(late!.promise);
    void underWay.watch(never!.promise);

    late!.resolve();
    expect(await stateOf(settled)).toBe('pending');
    early!.resolve();

    expect(await stateOf(settled)).toBe('ok');
    expect(await stateOf(underWay.settled())).toBe('pending');
  });

  it('leaves it to the caller to handle a failure', async () => {
    const handled = new WeakSet<object>();
    class Noted<T> extends Promise<T> {
      // oxlint-disable-next-line unicorn/no-thenable -- it is a promise's own
      override then<A = T, B = never>(
        ...reactions: Parameters<Promise<T>['then']>
      ): Promise<A | B> {
        handled.add(this);
        return super.then(...reactions) as Promise<A | B>;
      }
    }

    const given = createUnderWay().watch(Noted.reject(new Error('lost')));

    expect(given).toBeInstanceOf(Noted);
    expect(handled.has(given)).toBe(false);
    expect(await failureOf(given)).toEqual(new Error('lost'));
  });

  it('is settled where there is nothing', async () => {
    expect(await stateOf(createUnderWay().settled())).toBe('ok');
  });
});
