/** Waits until nothing of what went before is left to do, so that it isn't measured with what comes. */
export async function quietly(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
}

/**
 * Collects garbage, by way of a flag that the harness starts the browser with. Once a round, not before
 * each measurement: code that hasn't run for six collections is compiled anew.
 */
export function tidy(): void {
  (globalThis as { gc?: () => void }).gc?.();
}
