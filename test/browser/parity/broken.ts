import { expect } from 'vitest';

/** A failure that rejects with a `BatchError` is a `TypeError` as natively, by another name. */
export const asBatchError = (native: unknown): unknown => ({
  rejected: {
    ...(native as { rejected: object }).rejected,
    constructor: 'BatchError',
    name: 'BatchError',
    message: expect.stringMatching(/\w/) as unknown,
  },
});
