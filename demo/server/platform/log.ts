import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/**
 * A child of `log` that is made when it is first used: most requests have nothing to say, and its fields
 * cost more than the rest of their logging.
 */
export function createLazyChild(log: Log, fields: Readonly<Record<string, unknown>>): Log {
  let child: Log | undefined;
  return new Proxy(log, {
    get: (_, name) => {
      child ??= log.child(fields);
      return Reflect.get(child, name, child) as unknown;
    },
  });
}

/** Structured logs, one JSON object a line; what would let a reader in somewhere is left out. */
export const createLog = (level: string, destination?: DestinationStream): Log =>
  pino(
    {
      level,
      base: null,
      // An Error's members aren't enumerable: without this, its reason would be lost.
      serializers: { error: pino.stdSerializers.err },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['password', 'token', '*.password', '*.token', '*.authorization', '*.cookie'],
    },
    // Standard output is for people; it stays readable.
    destination ?? pino.destination({ dest: 2, sync: false }),
  );
