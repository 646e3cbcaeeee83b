export const toKB = (bytes: number, decimals: number): string => (bytes / 1000).toFixed(decimals);

export interface Budgeted {
  readonly name: string;
  /** In bytes, compressed with Brotli, as the budget is. */
  readonly brotli: number;
  readonly budget: number;
}

/** What is wrong with it, in sentences: it weighs too much, or the README promises something else. */
export function problemsWith({ name, brotli, budget }: Budgeted, readme: string): string[] {
  const problems: string[] = [];
  if (brotli > budget) {
    problems.push(`${name} is over its budget of ${toKB(budget, 2)} kB: ${brotli} bytes`);
  }
  const promise = `${toKB(budget, 1)} kB`;
  if (!readme.includes(promise)) problems.push(`the README should promise ${promise} for ${name}`);
  return problems;
}
