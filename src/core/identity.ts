/** Whose data it is now: null for nobody's, undefined where that can't be told. */
export type Whose = () => string | null | undefined;

/** Asks `identity` safely; what it throws, or answers wrongly, is told to `onFailure`. */
export const createWhose =
  (identity: () => unknown, onFailure: (error: unknown) => void): Whose =>
  () => {
    try {
      const who = identity();
      if (who === undefined || who === null || who === '') return null;
      if (typeof who === 'string' || typeof who === 'number') return String(who);
      throw new TypeError(
        `identity must return a string or a number, at once, or null for nobody; got ${Object.prototype.toString.call(who)}`,
      );
    } catch (error) {
      onFailure(error);
      return undefined;
    }
  };
