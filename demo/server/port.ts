/**
 * Reads the PORT variable.
 *
 * @throws RangeError if it isn't a port number
 */
export function readPort(text: string | undefined, fallback: number): number {
  if (text === undefined || text === '') return fallback;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) {
    throw new RangeError(`PORT must be a number from 0 to 65535, got '${text}'`);
  }
  return port;
}

/** Says in one line why the server can't listen, and what to do; undefined for any other error. */
export function explainListenError(error: unknown, port: number): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // The next port is the likeliest to be free and the easiest to remember.
  const remedy = `Choose another one: PORT=${port < 65_535 ? port + 1 : 8787} npm start`;
  if (code === 'EADDRINUSE') return `Port ${port} is taken. ${remedy}`;
  if (code === 'EACCES') return `Port ${port} needs more rights than you have. ${remedy}`;
  return undefined;
}
