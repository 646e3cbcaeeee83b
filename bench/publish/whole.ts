import type { Report } from '../harness/report.ts';

const fewestRounds = 9;

/** @throws Error unless a report has all scenarios, in enough rounds */
export function checkWhole({ rounds, scenarios }: Partial<Report>, names: readonly string[]): void {
  if (!Array.isArray(scenarios) || rounds === undefined) {
    throw new Error('it is no report of `npm run bench`');
  }
  const missing = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (missing.length > 0) throw new Error(`it lacks ${missing.join(', ')}; run all scenarios`);
  if (rounds < fewestRounds) {
    throw new Error(`it has ${rounds} rounds; run at least ${fewestRounds}`);
  }
}
