/** What is cached: for how long it is fresh, and the tag that all of its kind share. */
export const kinds = {
  quote: { ttlSeconds: 300, tag: 'quotes' },
  news: { ttlSeconds: 1_800, tag: 'news' },
  history: { ttlSeconds: 3_600, tag: 'history' },
  fundamentals: { ttlSeconds: 86_400, tag: 'fundamentals' },
  analysis: { ttlSeconds: 604_800, tag: 'analyses' },
} as const;

export type Kind = keyof typeof kinds;

export const kindNames = Object.keys(kinds) as readonly Kind[];

/** What is cached of `kind`, such as `quote:AAPL` or `history:AAPL:2026-01-02:2026-02-02`. */
export const toKey = (kind: Kind, subject: string): string => `${kind}:${subject}`;

/** The kind that a key is of; undefined for what is no key of ours. */
export const kindOf = (key: string): Kind | undefined =>
  kindNames.find((kind) => key.startsWith(`${kind}:`));

/** The tags of what is stored under a key, such as `quotes` and `quote-AAPL`: tags follow from keys. */
export function tagsOf(key: string): readonly string[] {
  const [kind = '', subject = ''] = key.split(':');
  return [kinds[kind as Kind].tag, `${kind}-${subject}`];
}

/** Letters that mean the same to SQLite's GLOB, to Redis' MATCH and to {@link toMatcher}. */
export const patternSyntax = /^[\w.:*?-]{1,200}$/;

/** The patterns of the keys that have this tag; none for a tag of something else. */
export function patternsOf(tag: string): readonly string[] {
  const whole = kindNames.filter((kind) => kinds[kind].tag === tag).map((kind) => `${kind}:*`);
  const single = kindNames.flatMap((kind) => {
    const subject = tag.startsWith(`${kind}-`) ? tag.slice(kind.length + 1) : '';
    return subject ? [`${kind}:${subject}`, `${kind}:${subject}:*`] : [];
  });
  return [...whole, ...single].filter((pattern) => patternSyntax.test(pattern));
}

export const isExact = (pattern: string): boolean => !/[*?]/.test(pattern);

/** Whether a key is what one of the patterns describes: `*` is anything, `?` one character. */
export function toMatcher(patterns: readonly string[]): (key: string) => boolean {
  const exact = new Set(patterns.filter(isExact));
  const wild = patterns
    .filter((pattern) => !isExact(pattern))
    .map((pattern) => {
      const source = pattern
        .replaceAll(/[.:-]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.');
      return new RegExp(`^${source}$`, 's');
    });
  return (key) => exact.has(key) || wild.some((expression) => expression.test(key));
}
