/** The ids of what differs from native `fetch`; `docs/differences.md` has the reasons. */
export const differences = ['message', 'stores', 'whole', 'recoded', 'error'] as const;

export type Difference = (typeof differences)[number];
