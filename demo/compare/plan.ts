/**
 * Which widgets are asked for, in order: new ones, and, evenly among them, repeats of earlier ones.
 * The same arguments give the same plan, so every contender makes the same calls.
 *
 * @param duplicateRate share of the calls that repeat an earlier one; rounded to whole calls
 */
export function createPlan(requests: number, duplicateRate: number): number[] {
  // The first call has nothing to repeat.
  const repeats = Math.min(Math.round(requests * duplicateRate), requests - 1);
  const ids: number[] = [];
  let distinct = 0;

  for (let index = 0; index < requests; index++) {
    const due = Math.floor(((index + 1) * repeats) / requests);
    const isRepeat = due > index - distinct;
    // 7 spreads the repeats over what has been asked for so far.
    ids.push(isRepeat ? ((index * 7) % distinct) + 1 : ++distinct);
  }
  return ids;
}
