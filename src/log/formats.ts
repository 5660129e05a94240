import { styleText } from 'node:util';
import { type Entry, type Format, LEVEL_NAMES, type Level, toFacts } from './entry.ts';
import { escapeUnsafe, toQuoted } from './escape.ts';

/** The formats by the words of IMGPROXY_LOG_FORMAT. */
export type FormatName = 'pretty' | 'structured' | 'json' | 'gcp';

/**
 * Makes a format.
 *
 * @param colour Whether `pretty` is coloured; the others are for machines.
 */
export function createFormat(name: FormatName, colour = false): Format {
  if (name === 'pretty') return (entry) => toPretty(entry, colour);
  if (name === 'structured') return toStructured;
  return name === 'gcp' ? toGcp : toJson;
}

const SHORT: Readonly<Record<Level, string>> = {
  error: 'ERR',
  warn: 'WRN',
  info: 'INF',
  debug: 'DBG',
};

const COLOURS = { error: 'red', warn: 'yellow', info: 'green', debug: 'gray' } as const;

/** Text that needs no quotes to be one word. */
const WORD = /^[\w./:+@-]+$/;

function toPretty({ time, level, message, fields }: Entry, colour: boolean): string {
  const paint = (style: 'red' | 'yellow' | 'green' | 'gray' | 'cyan', text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const head = `${toDateTime(time)} [${SHORT[level]}]`;
  const parts = [paint(COLOURS[level], head), withoutUnsafe(message)];
  let stack = '';
  for (const [name, value] of toFacts(fields)) {
    if (name === 'stack') stack = indented(String(value));
    else parts.push(`${paint('cyan', name)}=${toWord(value)}`);
  }
  return parts.join(' ') + stack;
}

/** `key="value"` pairs; numbers and booleans stand bare. */
function toStructured({ time, level, message, fields }: Entry): string {
  let line = `time="${toDateTime(time)}" level="${LEVEL_NAMES[level]}" msg=${toQuoted(message)}`;
  for (const [name, value] of toFacts(fields)) line += ` ${name}=${toValue(value)}`;
  return line;
}

function toJson({ time, level, message, fields }: Entry): string {
  const head = { time: time.toISOString(), level: LEVEL_NAMES[level], msg: message };
  return escapeUnsafe(JSON.stringify(Object.assign(head, Object.fromEntries(toFacts(fields)))));
}

/** Structured logging of Google Cloud: LogEntry's `severity` and `message`. */
function toGcp({ time, level, message, fields }: Entry): string {
  const head = { time: time.toISOString(), severity: LEVEL_NAMES[level], message };
  return escapeUnsafe(JSON.stringify(Object.assign(head, Object.fromEntries(toFacts(fields)))));
}

function toValue(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return toQuoted(typeof value === 'string' ? value : JSON.stringify(value));
}

function toWord(value: unknown): string {
  return typeof value === 'string' && WORD.test(value) ? value : toValue(value);
}

/** Text as it stands where it is harmless, and escaped where it is not. */
function withoutUnsafe(text: string): string {
  const quoted = toQuoted(text);
  return quoted === `"${text}"` ? text : quoted;
}

/** A stack on lines of its own, none of which can pass for an entry. */
function indented(stack: string): string {
  return stack
    .split('\n')
    .map((line) => `\n    ${toQuoted(line).slice(1, -1)}`)
    .join('');
}

/** Local time to the second, as imgproxy's lines have it. */
function toDateTime(time: Date): string {
  const two = (value: number) => (value < 10 ? `0${value}` : value);
  return (
    `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ` +
    `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
  );
}
