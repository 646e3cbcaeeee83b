import type { Bytes, Reply } from '../core/types.ts';
import type { Terms } from '../http/keeping.ts';
import type { Entry } from './entry.ts';
import type { Sized } from './lru.ts';

/** What is known of a response on disk without reading it. */
export interface Row extends Sized {
  /** The page it stands on. */
  readonly page: string;
  /** Where on it. */
  readonly at: number;
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
  /**
   * What isn't in the responses' rows, as JSON, each with its body's extent in `bytes`: only what is wanted
   * is parsed.
   */
  readonly texts: readonly string[];
  readonly bytes: Bytes;
}

const maxRows = 128;
const maxBytes = 262_144;

function toPage(entries: readonly Entry[], id: string): Page {
  const bytes = new Uint8Array(
    entries.reduce((sum, { reply }) => sum + (reply.body?.length ?? 0), 0),
  );
  let end = 0;
  const texts = entries.map(({ key, reply, ageMs, freshMs, swrMs, sieMs, mayBeStale, always }) => {
    const { body } = reply;
    if (body) bytes.set(body, end);
    const extent = body && [end, (end += body.length)];
    const terms: Terms = { ageMs, freshMs, swrMs, sieMs, mayBeStale, always };
    return JSON.stringify([key, terms, { ...reply, body: extent }]);
  });
  const rows = entries.map(({ key, bytes: size, storedAt, date, dropAt, tags, vary }, at): Row => ({
    key,
    page: id,
    at,
    bytes: size,
    storedAt,
    date,
    dropAt,
    tags,
    vary,
  }));
  return { id, rows, texts, bytes };
}

/** Puts entries on pages of bounded size, so that no look-up reads much that it doesn't want. */
export function toPages(entries: readonly Entry[], newId: () => string): Page[] {
  const pages: Page[] = [];
  let group: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (group.length > 0 && (group.length === maxRows || bytes + entry.bytes > maxBytes)) {
      pages.push(toPage(group, newId()));
      group = [];
      bytes = 0;
    }
    group.push(entry);
    bytes += entry.bytes;
  }
  if (group.length > 0) pages.push(toPage(group, newId()));
  return pages;
}

/**
 * Reads one response of a page's record; undefined if it isn't where `row` says.
 *
 * @throws SyntaxError or TypeError if the record is not what was written.
 */
export function fromPage(
  { texts, bytes }: Pick<Page, 'texts' | 'bytes'>,
  { key, at, storedAt, date, dropAt, tags, vary, bytes: size }: Omit<Row, 'page'>,
): Entry | undefined {
  const [own, terms, { body: extent, ...reply }] = JSON.parse(texts[at]!) as [
    string,
    Terms,
    Omit<Reply, 'body'> & { readonly body: [number, number] | null },
  ];
  if (own !== key) return undefined;
  // A copy: the page's own buffer would stay for as long as any one of them.
  const body = extent && bytes.slice(...extent);
  if (body && body.length < extent[1] - extent[0]) throw new TypeError('the page is cut short');
  const kept = { ...reply, body };
  return { ...terms, key, storedAt, date, dropAt, tags, vary, bytes: size, reply: kept };
}

/** A page's table of contents, as it is stored: the size of all that was written, and what still counts. */
export const toIndex = (rows: readonly Row[], written: number): string =>
  JSON.stringify([
    written,
    ...rows.map(({ key, at, bytes, storedAt, date, dropAt, tags, vary }) => [
      key,
      at,
      bytes,
      storedAt,
      date,
      dropAt,
      tags,
      vary,
    ]),
  ]);

/** What tells whether a table of contents, as it is stored, has a row of a key; quickest in the order of rows. */
export function createLists(index: string): (key: string) => boolean {
  let at = 0;
  return (key) => {
    const row = `[${JSON.stringify(key)},`;
    at = index.indexOf(row, Math.max(at, 0));
    return at >= 0 || (at = index.indexOf(row)) >= 0;
  };
}

/** Reads a table of contents. @throws Error of any kind if it is not what was written. */
export function fromIndex(text: string, page: string): { written: number; rows: Row[] } {
  const [written, ...rows] = JSON.parse(text) as [
    number,
    ...[string, number, number, number, number, number, string[], string[]][],
  ];
  return {
    written,
    rows: rows.map(([key, at, bytes, storedAt, date, dropAt, tags, vary]) => ({
      key,
      page,
      at,
      bytes,
      storedAt,
      date,
      dropAt,
      tags,
      vary,
    })),
  };
}
