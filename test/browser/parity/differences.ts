/** What differs from native `fetch`, by the headings of `docs/differences.md`, which has the reasons. */
export const differences = {
  network: 'The network sees the batch, not the call',
  whole: 'A response comes with its whole body',
  recoded: 'JSON and text travel inside JSON',
  'null-body': 'Where there can’t be a body, `body` is null',
  error: 'What fails rejects with a `BatchError`',
} as const;

export type Difference = keyof typeof differences;
