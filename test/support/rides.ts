import { createBatchHandler } from '../../src/server/index.ts';
import type { Answer } from './node-adapter.ts';

/** A batch endpoint that one client has to itself, and what it saw. */
export interface Rides {
  readonly handle: Answer;
  /** Says that a batch has come; the result, that its answer has ended or its client has gone. */
  readonly open: () => () => void;
  readonly seen: () => RidesSeen;
}

export interface RidesSeen {
  readonly batches: number;
  readonly items: number;
  /** The most batches that were open at once. */
  readonly mostOpen: number;
}

/** Creates an endpoint whose items go to `dispatch`. */
export function createRides(dispatch: Answer): Rides {
  let [batches, items, open, mostOpen] = [0, 0, 0, 0];
  const toHandler = (allowedOrigins: string[]): Answer =>
    createBatchHandler({
      allowedOrigins,
      dispatch: (request) => {
        items++;
        return dispatch(request);
      },
      // What goes wrong here goes wrong on purpose.
      onEvent: () => {},
    });
  let handle: Answer | undefined;
  return {
    // Pages of another origin are let in: whichever has asked first.
    handle: (request) => (handle ??= toHandler([request.headers.get('origin')!]))(request),
    open: () => {
      batches++;
      mostOpen = Math.max(mostOpen, ++open);
      return () => {
        open--;
      };
    },
    seen: () => ({ batches, items, mostOpen }),
  };
}
