import { createBatchHandler } from '../../src/server/index.ts';
import type { Answer } from './node-adapter.ts';

/** A batch endpoint that one test has to itself, and what it saw. */
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

/** Creates an endpoint whose items go to `dispatch`; `isBuffered` as older servers answer. */
export function createRides(dispatch: Answer, isBuffered: boolean): Rides {
  let [batches, items, open, mostOpen] = [0, 0, 0, 0];
  const handle = createBatchHandler({
    dispatch: (request) => {
      items++;
      return dispatch(request);
    },
    // What goes wrong here goes wrong on purpose.
    onEvent: () => {},
  });
  return {
    handle: (request) => {
      if (isBuffered) request.headers.set('accept', 'application/json');
      return handle(request);
    },
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
