const key = 'carpool:rollout';

function draw(): number {
  try {
    const known = sessionStorage.getItem(key);
    const ticket = known === null ? Math.random() : Number(known);
    sessionStorage.setItem(key, String(ticket));
    return ticket;
  } catch {
    // No storage, or none for this page: the client itself is the session.
    return Math.random();
  }
}

/** Whether this session is among the `share` that batches; the same answer for all of a tab's pages. */
export const isInRollout = (share: number): boolean => share >= 1 || (share > 0 && draw() < share);
