import { invalid } from './checks.ts';
import type { Priority } from './types.ts';

const priorities: readonly Priority[] = ['critical', 'high', 'normal', 'low'];

/** Checks a priority that somebody gave, if any. @throws TypeError with `name` and the value received. */
export function checkPriority(value: Priority | undefined, name: string): void {
  if (value === undefined || priorities.includes(value)) return;
  throw invalid(`${name} must be one of ${priorities.join(', ')}`, value);
}
