import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { isInRollout } from '../../src/edge/rollout.ts';
import { url } from '../support/a-client.ts';
import { endpoint, fakeNetwork } from '../support/fake-network.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A tab's storage. */
function aStorage(): Map<string, string> {
  const items = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
  });
  return items;
}

describe('rollout', () => {
  it('asks nothing where everybody is in, or nobody', () => {
    const items = aStorage();

    expect([isInRollout(1), isInRollout(0)]).toEqual([true, false]);
    expect(items.size).toBe(0);
  });

  it.each([
    [0.19, true],
    [0.2, false],
    [0.99, false],
  ])('draws %s, for a share of a fifth: %s', (ticket, expected) => {
    aStorage();
    vi.spyOn(Math, 'random').mockReturnValue(ticket);

    expect(isInRollout(0.2)).toBe(expected);
  });

  it('gives all pages of a tab the same answer', () => {
    aStorage();
    const random = vi.spyOn(Math, 'random').mockReturnValueOnce(0.1).mockReturnValue(0.9);

    expect([isInRollout(0.5), isInRollout(0.5), isInRollout(0.5)]).toEqual([true, true, true]);
    expect(random).toHaveBeenCalledTimes(1);
  });

  it('keeps who is in when the share grows', () => {
    aStorage();
    vi.spyOn(Math, 'random').mockReturnValue(0.3);

    expect([0.2, 0.4, 0.8].map(isInRollout)).toEqual([false, true, true]);
  });

  it('does without storage where there is none, or none for this page', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.3);

    expect(isInRollout(0.5)).toBe(true);
    vi.stubGlobal('sessionStorage', {
      getItem: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    expect(isInRollout(0.5)).toBe(true);
  });
});

describe('a client outside the rollout', () => {
  it('lets every call go past, from its first to its last', async () => {
    const { batches, natives } = fakeNetwork();
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.9).mockReturnValue(0.1);
    const carpool = createCarpool({ endpoint, rollout: 0.5 });

    await Promise.all([carpool.fetch(url('/a')), carpool.fetch(url('/b'))]);
    await carpool.fetch(url('/c'));

    expect(batches()).toEqual([]);
    expect(natives()).toHaveLength(3);
    expect(carpool.stats().bypassReasons).toEqual({ rollout: 3 });
  });
});
