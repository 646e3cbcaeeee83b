import type { User } from '../http/context.ts';
import type { Charge, ChargeStatus } from './charge.ts';
import type { Action, ProcessItem, ProcessResult } from './process-schema.ts';
import type { ChargeStore } from './store.ts';

interface Rule {
  readonly from: readonly ChargeStatus[];
  readonly to: ChargeStatus;
  readonly needsReason: boolean;
  readonly adminsOnly: boolean;
}

const rules: Readonly<Record<Action, Rule>> = {
  release: { from: ['open', 'held'], to: 'released', needsReason: false, adminsOnly: false },
  hold: { from: ['open', 'released'], to: 'held', needsReason: true, adminsOnly: false },
  reject: { from: ['open', 'held'], to: 'rejected', needsReason: true, adminsOnly: false },
  reopen: {
    from: ['held', 'released', 'rejected'],
    to: 'open',
    needsReason: false,
    adminsOnly: true,
  },
};

/** Why an item can't be done. */
interface Refusal {
  readonly status: number;
  readonly error: string;
}

function judge(
  { id, action, reason }: ProcessItem,
  charge: Charge | undefined,
  user: User,
): Refusal | null {
  const { from, needsReason, adminsOnly } = rules[action];
  const isAdmin = user.role === 'admin';
  if (!charge) return { status: 404, error: `There is no charge '${id}'.` };
  if (charge.owner !== user.id && !isAdmin) {
    return { status: 403, error: `'${charge.owner}' answers for the charge '${id}', not you.` };
  }
  if (adminsOnly && !isAdmin) {
    return { status: 403, error: `'${action}' is for administrators.` };
  }
  if (needsReason && reason === undefined) {
    return { status: 422, error: `'${action}' needs a reason: send it as 'reason'.` };
  }
  if (!from.includes(charge.status)) {
    const fit = from.join(' or ');
    return {
      status: 409,
      error: `'${action}' is for charges that are ${fit}, not ${charge.status}.`,
    };
  }
  return null;
}

const toResult = (
  { request_id, id }: ProcessItem,
  outcome: Pick<ProcessResult, 'status_code' | 'data' | 'error'>,
): ProcessResult => ({
  ...(request_id === undefined ? {} : { request_id }),
  id,
  status: outcome.error === null ? 'success' : 'error',
  ...outcome,
});

/**
 * Processes charges one after another, so that two items for one charge follow upon each other, and
 * writes the outcome in one transaction. An item that fails changes nothing; with `isAtomic`, it keeps
 * the others from changing anything too (424).
 */
export function processCharges(
  store: Pick<ChargeStore, 'findAll' | 'update'>,
  items: readonly ProcessItem[],
  { user, isAtomic, now }: { readonly user: User; readonly isAtomic: boolean; readonly now: Date },
): { readonly results: ProcessResult[]; readonly changed: readonly Charge[] } {
  const charges = store.findAll(items.map(({ id }) => id));
  const changed = new Map<string, Charge>();
  const results = items.map((item) => {
    const charge = charges.get(item.id);
    const refusal = judge(item, charge, user);
    if (refusal) {
      return toResult(item, { status_code: refusal.status, data: null, error: refusal.error });
    }
    const after: Charge = {
      ...charge!,
      status: rules[item.action].to,
      reason: item.reason ?? null,
      changedAt: now.toISOString(),
    };
    charges.set(item.id, after);
    changed.set(item.id, after);
    return toResult(item, { status_code: 200, data: after, error: null });
  });

  if (isAtomic && results.some(({ status }) => status === 'error')) {
    const error = 'Not done, because another item failed and all_or_nothing was asked for.';
    const undone = results.map((each, index) =>
      each.status === 'error'
        ? each
        : toResult(items[index]!, { status_code: 424, data: null, error }),
    );
    return { results: undone, changed: [] };
  }
  store.update([...changed.values()]);
  return { results, changed: [...changed.values()] };
}
