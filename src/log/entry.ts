/** How much an entry weighs, from the most. */
export const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

export type Level = (typeof LEVELS)[number];

/** Facts of an entry by their names. Those that are undefined are left out. */
export type Fields = Readonly<Record<string, unknown>>;

/** One line of the log before it has a form. */
export interface Entry {
  time: Date;
  level: Level;
  message: string;
  fields: Fields;
}

/** Gives an entry the form of one line, without its end. */
export type Format = (entry: Entry) => string;

/** The levels as imgproxy and Google's logging write them. */
export const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  error: 'ERROR',
  warn: 'WARNING',
  info: 'INFO',
  debug: 'DEBUG',
};

/** Whether an entry of `level` is wanted where `least` is the least weight. */
export function isWanted(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(least);
}

/** A fact as a format writes it: errors are their message, and their stack is one more fact at the end. */
export function toFacts(fields: Fields): [name: string, value: unknown][] {
  const facts: [string, unknown][] = [];
  let error: unknown;
  let stack: string | undefined;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (value instanceof Error) {
      facts.push([name, value.message]);
      stack = value.stack;
    } else if (name === 'error') {
      error = value;
    } else {
      facts.push([name, value]);
    }
  }
  // As imgproxy does: what is long and seldom stands last.
  if (error !== undefined) facts.push(['error', error]);
  if (stack !== undefined) facts.push(['stack', stack]);
  return facts;
}
