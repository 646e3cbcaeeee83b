/** What the server's process has used of its processors since it started, in seconds; NaN where it doesn't tell. */
export async function readServerCpu(url: URL): Promise<number> {
  const response = await fetch(new URL('/metrics', url));
  const text = await response.text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1] ?? NaN);
}
