import type { Bytes } from '../core/types.ts';
import type { Entry } from './entry.ts';
import type { Sized } from './lru.ts';

/** What is known of a response on disk without reading it. */
export interface Row extends Sized {
  /** The page it stands on. */
  readonly page: string;
  readonly storedAt: number;
  readonly date: number;
  readonly dropAt: number;
  readonly tags: readonly string[];
  readonly vary: readonly string[];
}

/**
 * A page: responses that were written together, since they will be read together. One record holds
 * them all, their bodies end to end: reading it costs about what one response on its own would.
 */
export interface Page {
  readonly id: string;
  readonly rows: readonly Row[];
  /** The JSON of the responses, each with its body's extent in `bytes`. */
  readonly text: string;
  readonly bytes: Bytes;
}

const [maxRows, maxBytes] = [128, 262_144];

const rowOf = ({ key, bytes, storedAt, date, dropAt, tags, vary }: Entry, page: string): Row => ({
  key,
  page,
  bytes,
  storedAt,
  date,
  dropAt,
  tags,
  vary,
});

function toPage(entries: readonly Entry[], id: string): Page {
  const bytes = new Uint8Array(
    entries.reduce((sum, { reply }) => sum + (reply.body?.length ?? 0), 0),
  );
  let at = 0;
  const records = entries.map((entry) => {
    const { body } = entry.reply;
    if (body) bytes.set(body, at);
    const extent = body && [at, (at += body.length)];
    return { ...entry, reply: { ...entry.reply, body: extent } };
  });
  return {
    id,
    rows: entries.map((entry) => rowOf(entry, id)),
    text: JSON.stringify(records),
    bytes,
  };
}

/** Puts entries on pages of bounded size, so that no look-up reads much that it doesn't want. */
export function toPages(entries: readonly Entry[], newId: () => string): Page[] {
  const pages: Page[] = [];
  let group: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (group.length > 0 && (group.length === maxRows || bytes + entry.bytes > maxBytes)) {
      pages.push(toPage(group, newId()));
      [group, bytes] = [[], 0];
    }
    group.push(entry);
    bytes += entry.bytes;
  }
  if (group.length > 0) pages.push(toPage(group, newId()));
  return pages;
}

/**
 * Reads a page's record.
 *
 * @throws Error of any kind if it is not what was written.
 */
export function fromPage({ text, bytes }: Pick<Page, 'text' | 'bytes'>): Map<string, Entry> {
  const records = JSON.parse(text) as (Omit<Entry, 'reply'> & {
    readonly reply: Omit<Entry['reply'], 'body'> & { readonly body: [number, number] | null };
  })[];
  return new Map(
    records.map((entry) => {
      const { body } = entry.reply;
      // A copy: the page's own buffer would stay for as long as any one of them.
      const own = body && bytes.slice(...body);
      return [entry.key, { ...entry, reply: { ...entry.reply, body: own } }];
    }),
  );
}

/** A page's table of contents, as it is stored: the size of all that was written, and what still counts. */
export const toIndex = (rows: readonly Row[], written: number): string =>
  JSON.stringify([
    written,
    ...rows.map(({ key, bytes, storedAt, date, dropAt, tags, vary }) => [
      key,
      bytes,
      storedAt,
      date,
      dropAt,
      tags,
      vary,
    ]),
  ]);

/** Reads a table of contents. @throws Error of any kind if it is not what was written. */
export function fromIndex(text: string, page: string): { written: number; rows: Row[] } {
  const [written, ...rows] = JSON.parse(text) as [
    number,
    ...[string, number, number, number, number, string[], string[]][],
  ];
  return {
    written,
    rows: rows.map(([key, bytes, storedAt, date, dropAt, tags, vary]) => ({
      key,
      page,
      bytes,
      storedAt,
      date,
      dropAt,
      tags,
      vary,
    })),
  };
}
