import { isAnybodys, type ReadableType } from './types.ts';

/**
 * How long what is read may be kept. What is for all changes seldom; one's own must be there at once, so it is
 * asked about before each use: a 304 costs little in a batch.
 */
export const freshnessOf = ({ mayRead }: Pick<ReadableType, 'mayRead'>): string =>
  mayRead === isAnybodys ? 'private, max-age=60' : 'private, no-cache';

/** Under which tags a type's resources may be kept, and which tags tell that some were written. */
export const tagsOf = ({
  name,
  singular,
}: {
  readonly name: string;
  readonly singular: string;
}) => ({
  ofList: `${name}, ${singular}-list`,
  ofOne: (id: string) => `${name}, ${singular}-${id}`,
  afterWrites: (ids: readonly string[]) => [
    `${singular}-list`,
    ...ids.map((id) => `${singular}-${id}`),
  ],
});
