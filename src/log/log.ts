import { type Entry, type Fields, type Format, isWanted, type Level } from './entry.ts';

/** Writes one line of the log: a sentence, or facts and a sentence. */
export interface Write {
  (message: string): void;
  (fields: Fields, message: string): void;
}

/** The log: one line for each call, or none where its level is not wanted. */
export type Log = Readonly<Record<Level, Write>>;

/** Where lines go. */
export interface Sink {
  /** The least weight that it takes. */
  readonly level: Level;
  readonly format: Format;
  /** Takes a line, without its end. It must not wait, and must not throw. */
  write(line: string, level: Level): void;
}

/** Makes the log over some sinks. */
export function createLog(sinks: readonly Sink[]): Log {
  return {
    error: createWrite('error', sinks),
    warn: createWrite('warn', sinks),
    info: createWrite('info', sinks),
    debug: createWrite('debug', sinks),
  };
}

function createWrite(level: Level, sinks: readonly Sink[]): Write {
  const wanting = sinks.filter((sink) => isWanted(level, sink.level));
  return (first: string | Fields, second?: string) => {
    if (wanting.length === 0) return;
    const [message, fields] = typeof first === 'string' ? [first, {}] : [second ?? '', first];
    const entry: Entry = { time: new Date(), level, message, fields };
    for (const sink of wanting) sink.write(sink.format(entry), level);
  };
}
