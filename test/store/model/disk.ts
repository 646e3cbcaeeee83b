import { urlOf } from '../../../src/store/entry.ts';

/** What stands on the disk of one response. */
interface Standing {
  /** Its page and its key, which are together another's never. */
  readonly id: string;
  readonly url: string;
  readonly tags: readonly string[];
  readonly dropAt: number;
}

/** What the tables of contents list. */
export function standingOn(contents: ReadonlyMap<string, unknown>): Standing[] {
  return [...contents].flatMap(([page, value]) => {
    if (!page.startsWith('i')) return [];
    const [, ...rows] = JSON.parse(String(value)) as [
      number,
      ...[string, number, number, number, number, number, string[]][],
    ];
    return rows.map(([key, , , , , dropAt, tags]) => ({
      id: `${page} ${key}`,
      url: urlOf(key),
      tags,
      dropAt,
    }));
  });
}

/** What is wrong with what stands on the disk, whatever anybody would make of it. */
export function faultsOf(contents: ReadonlyMap<string, unknown>): string[] {
  const meta = contents.get('meta') as { readonly owner: string | null } | undefined;
  const owner = meta?.owner ?? null;
  const wrong: string[] = [];
  for (const [key, value] of contents) {
    const page = key.slice(1);
    if (key.startsWith('p') && !contents.has(`i${page}`)) wrong.push(`page ${page} has no index`);
    if (!key.startsWith('i')) continue;
    if (!contents.has(`p${page}`)) wrong.push(`index ${page} has no page`);
    for (const [, place, who] of String(value).matchAll(/"(public|session|private:(\w+)) /g)) {
      if (place === 'session') wrong.push(`a session is on disk, in ${page}`);
      if (who !== undefined && who !== owner) {
        wrong.push(`${who} is on the disk of ${String(owner)}, in ${page}`);
      }
    }
  }
  return wrong;
}
