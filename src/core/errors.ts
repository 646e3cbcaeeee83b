/**
 * Why a call failed:
 *
 * - `network`: the batch could not be sent, or its connection broke before any answer.
 * - `status`: the endpoint answered the whole batch with a status that answers no call (`status` says which).
 * - `protocol`: the answer is not a batch response, or a redirect leads nowhere `fetch` may follow.
 * - `missing-part`: the answer ended, or was cut, without this call's part.
 * - `timeout`: the call took longer than its `timeout`.
 * - `closed`: the client had been disposed of.
 */
export type BatchErrorCode =
  'network' | 'status' | 'protocol' | 'missing-part' | 'timeout' | 'closed';

export interface BatchErrorOptions extends ErrorOptions {
  readonly batchId?: string | undefined;
  readonly status?: number | undefined;
}

/** What a call rejects with: a `TypeError`, as `fetch` rejects with. Switch on `code`. */
export class BatchError extends TypeError {
  override readonly name = 'BatchError';
  readonly code: BatchErrorCode;
  /** The batch the call travelled in, as events name it; undefined before it had one. */
  readonly batchId: string | undefined;
  /** The HTTP status of the whole batch, where one was received. */
  readonly status: number | undefined;

  constructor(code: BatchErrorCode, message: string, options: BatchErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.batchId = options.batchId;
    this.status = options.status;
  }
}
