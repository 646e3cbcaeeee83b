import type { User } from '../http/context.ts';
import type { MemberProblem } from '../http/problem.ts';
import { failed, type Result } from './results.ts';
import type { StoredType } from './stored.ts';

/** The members that are sent for one item. */
export type Values = Readonly<Record<string, unknown>>;

/** Who writes what; `types` has all those that may refer to each other. */
export interface Writing {
  readonly user: User;
  readonly type: StoredType;
  readonly types: ReadonlyMap<string, StoredType>;
}

/** One item of a request that writes. */
export interface WriteItem {
  readonly request_id: string;
  readonly id?: string | undefined;
  readonly data?: Values | undefined;
}

/** What is to be done for an item, once all have been looked at. */
export interface Step {
  readonly id: string;
  readonly owner: string;
  /** Makes the change. */
  readonly apply: () => void;
  readonly result: Result;
}

/** A step, or why there is none. */
export type Planned = Step | Result<never>;

export const isStep = (planned: Planned): planned is Step => 'apply' in planned;

/** Why an item can't be written. */
export interface Refusal {
  readonly statusCode: number;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly MemberProblem[];
}

export const toFailed = (
  item: WriteItem,
  id: string | null,
  { statusCode, title, detail, errors }: Refusal,
): Result<never> => failed({ id, request_id: item.request_id }, statusCode, title, detail, errors);

/** Where the data of an item is, as a JSON Pointer. */
export const pointerTo = (index: number): string => `#/items/${index}/data`;

/** What zod has found, with members named from the request's root. */
export function toRefusal(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
  index: number,
): Refusal {
  const errors = issues.map(({ path, message }) => ({
    pointer: [pointerTo(index), ...path.map((key) => encodeURIComponent(String(key)))].join('/'),
    detail: message,
  }));
  const detail = errors.map((error) => `${error.pointer}: ${error.detail}`).join('; ');
  return { statusCode: 422, title: 'Not what is expected', detail, errors };
}
