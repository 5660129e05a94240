import { type DestinationStream, type Logger, pino } from 'pino';

/** The log: structured lines. */
export type Log = Pick<Logger, 'error' | 'warn' | 'info' | 'debug'>;

/** What the log takes from the configuration. */
export interface LogOptions {
  level: 'error' | 'warn' | 'info' | 'debug';
}

/** Makes the log, which writes to `stream`. */
export function createLog({ level }: LogOptions, stream: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    stream,
  );
}
