/**
 * A source of repeatable numbers (mulberry32): the same seed gives the same widget on every
 * machine, so that a test or a comparison can assert whole bodies.
 */
export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** A float in [low, high). */
  between(low: number, high: number): number;
  /** An integer in [low, high]. */
  integer(low: number, high: number): number;
}

export function createRandom(seed: number): Random {
  // The multiplication spreads neighbouring seeds; without it widgets 1 and 2 would look alike.
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  const between = (low: number, high: number) => low + next() * (high - low);
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));

  return { next, between, integer };
}
