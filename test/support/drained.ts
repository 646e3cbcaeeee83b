/** Resolves when every microtask has run, and those that they start: nothing moves any more by itself. */
export const drained = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** What a promise has come to so far. */
export async function stateOf(promise: Promise<unknown>): Promise<'pending' | 'ok' | 'failed'> {
  let state: 'pending' | 'ok' | 'failed' = 'pending';
  promise.then(
    () => {
      state = 'ok';
    },
    () => {
      state = 'failed';
    },
  );
  await drained();
  return state;
}

/** What a promise rejects with; fails the test where it resolves. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => {
      throw new Error(`expected a rejection, got ${String(value)}`);
    },
    (error: unknown) => error,
  );
