import type { Bytes } from '../core/types.ts';
import { elementsOf, memberOf } from '../wire/raw-json.ts';
import { memberProblem, Problem } from './problem.ts';
import { batchRequest, type WireRequest } from './schemas.ts';

/** A batch as it came, its shape checked. */
export interface Envelope {
  readonly requests: readonly WireRequest[];
  /** Items whose body is nested too deeply; their `body` is null here. */
  readonly tooDeep: ReadonlySet<number>;
  /** The JSON text of an item's `body`, as its client wrote it; null without one. */
  readonly rawBody: (index: number) => Bytes | null;
}

interface Limits {
  readonly maxItems: number;
  readonly maxDepth: number;
}

// Around an item's body are its item, the array and the envelope.
const depthAroundBody = 3;

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** How deeply arrays and objects nest between `start` and `end`; 0 for anything else. */
function depthOf(bytes: Bytes, start: number, end: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = start; i < end; i++) {
    const c = bytes[i];
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > deepest) deepest = depth;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return deepest;
}

/** Blanks bodies that are too deep, so that each fails alone and no parser ever recurses into one. */
function blankDeepBodies(bytes: Bytes, maxDepth: number): { bytes: Bytes; tooDeep: Set<number> } {
  const blanked = bytes.slice();
  const tooDeep = new Set<number>();
  const requests = memberOf(bytes, 0, 'requests');
  const items = requests === null ? [] : elementsOf(bytes, requests.start);
  for (const [index, { start }] of items.entries()) {
    const body = memberOf(bytes, start, 'body');
    if (body && depthOf(bytes, body.start, body.end) + depthAroundBody > maxDepth) {
      // A body this deep has room for `null`.
      blanked.fill(0x20, body.start, body.end);
      blanked.set([0x6e, 0x75, 0x6c, 0x6c], body.start);
      tooDeep.add(index);
    }
  }
  return { bytes: blanked, tooDeep };
}

const notJson = (): Problem =>
  memberProblem('#', 'is not valid JSON in UTF-8: send it as JSON.stringify and fetch write it.');

function parse(bytes: Bytes): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw notJson();
  }
}

/** A JSON Pointer (RFC 6901) in its form as a URI fragment. */
function toPointer(path: readonly PropertyKey[]): string {
  const escape = (key: PropertyKey): string =>
    encodeURIComponent(
      // A lone surrogate can't be encoded; it would throw.
      String(key)
        .replaceAll(/\p{Surrogate}/gu, '\ufffd')
        .replaceAll('~', '~0')
        .replaceAll('/', '~1'),
    );
  return ['#', ...path.map(escape)].join('/');
}

function checkIds(requests: readonly WireRequest[]): void {
  const seen = new Set<string>();
  const groups = new Set<string>();
  for (const [index, { id, dependsOn, atomicityGroup }] of requests.entries()) {
    const at = (member: string): string => `#/requests/${String(index)}/${member}`;
    if (seen.has(id)) {
      throw memberProblem(at('id'), 'is the id of an earlier item too; give each its own.');
    }
    for (const [n, other] of (dependsOn ?? []).entries()) {
      if (!seen.has(other) && !groups.has(other)) {
        throw memberProblem(
          at(`dependsOn/${String(n)}`),
          'must be the id of an earlier item; order the items so that each comes after those it depends on.',
        );
      }
    }
    seen.add(id);
    if (typeof atomicityGroup === 'string') groups.add(atomicityGroup);
  }
}

/**
 * Reads a batch's envelope. Bodies of items are checked to be JSON, and otherwise left alone.
 *
 * @throws Problem 400 naming the member that is wrong, 413 naming the limit.
 */
export function readEnvelope(received: Bytes, { maxItems, maxDepth }: Limits): Envelope {
  let bytes = received;
  // A byte order mark is no JSON, but RFC 8259 lets parsers ignore it.
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
  let tooDeep: ReadonlySet<number> = new Set();
  if (depthOf(bytes, 0, bytes.length) > maxDepth) {
    try {
      ({ bytes, tooDeep } = blankDeepBodies(bytes, maxDepth));
    } catch {
      throw notJson();
    }
    if (depthOf(bytes, 0, bytes.length) > maxDepth) {
      throw memberProblem('#', `is nested more than ${String(maxDepth)} levels deep (maxDepth).`, {
        limit: { name: 'maxDepth', value: maxDepth },
      });
    }
  }
  const value = parse(bytes);
  // Counted before anything is checked, so that a huge batch costs no more than its parse.
  const items = (value as { requests?: unknown } | null)?.requests;
  if (Array.isArray(items) && items.length > maxItems) {
    throw new Problem(
      413,
      `A batch has at most ${String(maxItems)} items (maxItems), but this one has ${String(items.length)}. Split it.`,
      { limit: { name: 'maxItems', value: maxItems } },
    );
  }
  const { success, data, error } = batchRequest.safeParse(value);
  if (!success) {
    const errors = error.issues.slice(0, 10).map(({ path, message }) => {
      return { pointer: toPointer(path), detail: message };
    });
    const { pointer, detail } = errors[0]!;
    throw memberProblem(pointer, detail, { errors });
  }
  checkIds(data.requests);
  let extents: ReturnType<typeof elementsOf> | undefined;
  return {
    requests: data.requests,
    tooDeep,
    rawBody: (index) => {
      extents ??= elementsOf(bytes, memberOf(bytes, 0, 'requests')!.start);
      const body = memberOf(bytes, extents[index]!.start, 'body');
      return body && bytes.subarray(body.start, body.end);
    },
  };
}
