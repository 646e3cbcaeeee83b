import { invalid } from './checks.ts';

/** Whose data it is now: null for nobody's, undefined where that can't be told. */
export type Whose = () => string | null | undefined;

/** Asks `identity` safely; what it throws, or answers wrongly, is told to `onFailure`, the first time in a row. */
export function createWhose(identity: () => unknown, onFailure: (error: unknown) => void): Whose {
  let isFailing = false;
  return () => {
    try {
      const who = identity();
      if (who !== undefined && who !== null && typeof who !== 'string' && typeof who !== 'number') {
        throw invalid(
          'identity must return a string or a number, at once, or null for nobody',
          who,
        );
      }
      isFailing = false;
      return who === undefined || who === null || who === '' ? null : String(who);
    } catch (error) {
      if (!isFailing) onFailure(error);
      isFailing = true;
      return undefined;
    }
  };
}
