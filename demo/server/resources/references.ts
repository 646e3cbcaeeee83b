import { isTheirs } from './types.ts';
import { pointerTo, type Refusal, type Values, type Writing } from './writing.ts';

/** Who has what an item refers to, or why it can't refer to that. */
export type Referred = { readonly owner: string | undefined } | { readonly refusal: Refusal };

/**
 * Looks up all that the items refer to, at one statement for each type. The result judges one item; `owner` is who
 * has the item already.
 */
export function createReferences(
  { user, type, types }: Writing,
  all: readonly (Values | undefined)[],
): (values: Values, index: number, owner?: string) => Referred {
  const references = type.references.map(({ member, to }) => {
    const ids = all.flatMap((values) => values?.[member] ?? []).map(String);
    return { member, to, targets: types.get(to)!.find(ids) };
  });
  return (values, index, owner) => {
    let common = owner;
    for (const { member, to, targets } of references) {
      if (values[member] === undefined) continue;
      const id = String(values[member]);
      const target = targets.get(id);
      const refuse = (statusCode: number, title: string, detail: string): Referred => {
        const errors = [{ pointer: `${pointerTo(index)}/${member}`, detail }];
        return { refusal: { statusCode, title, detail, errors } };
      };
      if (!target) {
        return refuse(422, 'No such reference', `There is no '${id}' among ${to}.`);
      }
      if (!isTheirs(user, target.owner)) {
        return refuse(403, 'Not yours', `'${id}' among ${to} belongs to another user.`);
      }
      const has = target.owner ?? undefined;
      if (common !== undefined && has !== common) {
        const detail = `'${id}' among ${to} belongs to '${has}', what refers to it to '${common}'.`;
        return refuse(422, 'Of two users', detail);
      }
      common = has;
    }
    return { owner: common };
  };
}
