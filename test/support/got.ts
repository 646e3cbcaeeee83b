/** How an error shows the value that somebody gave. */
export const got = (value: unknown): string =>
  `got ${typeof value === 'string' ? `"${value}"` : String(value)}`;
