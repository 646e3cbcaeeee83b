import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Structured logs, one JSON object a line; what would let a reader in somewhere is left out. */
export const createLog = (level: string, destination?: DestinationStream): Log =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['password', 'token', '*.password', '*.token', '*.authorization', '*.cookie'],
    },
    // Standard output is for people; it stays readable.
    destination ?? pino.destination({ dest: 2, sync: false }),
  );
