import { expect } from 'vitest';
import type { Differs } from './parity-case.ts';

/** What fails in a batch rejects with a `BatchError`: a `TypeError` as natively, by another name. */
export const withBatchError: Differs = {
  by: 'error',
  as: (native) => ({
    rejected: {
      ...(native as { rejected: object }).rejected,
      constructor: 'BatchError',
      name: 'BatchError',
      message: expect.stringMatching(/\w/) as unknown,
    },
  }),
};

/** Where there can't be a body it is null, as the standard says; Chromium has an empty stream. */
export const withNullBody: Differs = {
  by: 'null-body',
  as: (native) => ({ ...(native as object), body: null, after: false, again: '' }),
};
