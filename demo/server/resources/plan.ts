import { randomUUID } from 'node:crypto';
import { succeeded } from './results.ts';
import { createReferences } from './references.ts';
import { isTheirs, type Found } from './types.ts';
import {
  toFailed,
  toRefusal,
  type Planned,
  type Refusal,
  type Values,
  type WriteItem,
  type Writing,
} from './writing.ts';

type Identified = Values & { readonly id?: string };

/** Plans to create. An id may be given; what refers to something belongs to the same user. */
export function planCreates(writing: Writing, items: readonly WriteItem[]): Planned[] {
  const { type, user } = writing;
  const read = items.map(({ data }) => type.input.safeParse(data));
  const values = read.map(({ data }) => data as Identified | undefined);
  const given = values.flatMap((one) => one?.id ?? []);
  const taken = new Set(type.find(given).keys());
  const refer = createReferences(writing, values);
  return items.map((item, index) => {
    const { error } = read[index]!;
    if (error) return toFailed(item, null, toRefusal(error.issues, index));
    const { id = randomUUID(), ...value } = values[index]!;
    if (taken.has(id)) {
      const detail = `There is '${id}' among ${type.name} already. Choose another id, or leave it out to be given one.`;
      return toFailed(item, id, { statusCode: 409, title: 'Id is taken', detail });
    }
    const referred = refer(value, index);
    if ('refusal' in referred) return toFailed(item, null, referred.refusal);
    taken.add(id);
    const owner = referred.owner ?? user.id;
    const named = { id, request_id: item.request_id };
    return {
      id,
      owner,
      apply: () => type.insert(id, owner, value),
      result: succeeded(named, { id, ...value }, 201),
    };
  });
}

/** Why a user may not write what was found under an id; undefined if they may. */
function refusalOf({ user, type }: Writing, id: string, found?: Found): Refusal | undefined {
  if (!found) {
    const detail = `There is no '${id}' among ${type.name}.`;
    return { statusCode: 404, title: 'Not found', detail };
  }
  if (isTheirs(user, found.owner)) return undefined;
  const detail = `'${id}' among ${type.name} belongs to another user.`;
  return { statusCode: 403, title: 'Not yours', detail };
}

/** Plans to change members; of several changes to one resource, each goes on from the one before. */
export function planUpdates(writing: Writing, items: readonly WriteItem[]): Planned[] {
  const { type } = writing;
  const read = items.map(({ data }) => type.change.safeParse(data));
  const changes = read.map(({ data }) => data as Values | undefined);
  const found = new Map(type.find(items.map(({ id }) => id!)));
  const refer = createReferences(writing, changes);
  return items.map((item, index) => {
    const id = item.id!;
    const current = found.get(id);
    const refusal = refusalOf(writing, id, current);
    if (refusal) return toFailed(item, id, refusal);
    const { error } = read[index]!;
    if (error) return toFailed(item, id, toRefusal(error.issues, index));
    const owner = current!.owner!;
    const referred = refer(changes[index]!, index, owner);
    if ('refusal' in referred) return toFailed(item, id, referred.refusal);
    const value = { ...current!.value, ...changes[index] };
    found.set(id, { owner, value });
    return {
      id,
      owner,
      apply: () => type.update(id, value),
      result: succeeded({ id, request_id: item.request_id }, value),
    };
  });
}

/** Plans to delete, but not what others refer to. */
export function planDeletes(writing: Writing, items: readonly WriteItem[]): Planned[] {
  const { type, types } = writing;
  const ids = items.map(({ id }) => id!);
  const found = new Map(type.find(ids));
  const referring = [...types.values()].flatMap((other) =>
    other.references
      .filter(({ to }) => to === type.name)
      .map(({ member }) => ({ name: other.name, counts: other.countReferring(member, ids) })),
  );
  return items.map((item) => {
    const id = item.id!;
    const current = found.get(id);
    const refusal = refusalOf(writing, id, current);
    if (refusal) return toFailed(item, id, refusal);
    const users = referring.find(({ counts }) => counts.has(id));
    if (users) {
      const detail = `${users.counts.get(id)} ${users.name} refer to '${id}'. Move or delete them first.`;
      return toFailed(item, id, { statusCode: 409, title: 'In use', detail });
    }
    // A second time it isn't there any more.
    found.delete(id);
    return {
      id,
      owner: current!.owner!,
      apply: () => type.remove(id),
      result: succeeded({ id, request_id: item.request_id }, null, 204),
    };
  });
}
