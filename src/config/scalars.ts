import { InvalidValue, type ValueType } from './variable.ts';

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const PIXELS_IN_MEGAPIXEL = 1_000_000;

/** Bounds of a number, both inclusive. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

function describe(noun: string, { min, max }: Range): string {
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`;
  return min === undefined ? noun : `${noun}, ${min} or more`;
}

function parseNumber(text: string, range: Range, format: string): number {
  const value = Number(text);
  const { min = -Infinity, max = Infinity } = range;
  if (!NUMBER.test(text) || !Number.isFinite(value) || value < min || value > max) {
    throw new InvalidValue(`must be ${format}`);
  }
  return value;
}

/** Any text, as it stands. */
export const text: ValueType<string> = {
  format: 'text',
  parse: (value) => value,
  show: (value) => value,
};

/** A path prefix of URLs: one leading slash, none at the end. */
export const pathPrefix: ValueType<string> = {
  format: 'a path',
  parse(value) {
    const path = value.replace(/[?#].*$/s, '');
    let end = path.length;
    while (end > 0 && path[end - 1] === '/') end--;
    const trimmed = path.slice(0, end);
    return trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
  },
  show: (value) => value,
};

/** The URL of an HTTP server, or nothing. */
export const httpUrl: ValueType<string> = {
  format: 'an HTTP URL',
  parse(value) {
    if (!URL.canParse(value) || !/^https?:/i.test(value)) {
      throw new InvalidValue('must be an HTTP URL');
    }
    return value;
  },
  show: (value) => value,
};

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** On or off. */
export const bool: ValueType<boolean> = {
  format: '`true` or `false`',
  parse(value) {
    if (TRUE.has(value)) return true;
    if (FALSE.has(value)) return false;
    throw new InvalidValue('must be true (or 1, t) or false (or 0, f)');
  },
  show: String,
};

/** A whole number. */
export function int(range: Range = {}): ValueType<number> {
  const format = describe('a whole number', range);
  return {
    format,
    parse(value) {
      const number = parseNumber(value, range, format);
      if (!Number.isSafeInteger(number)) throw new InvalidValue(`must be ${format}`);
      return number;
    },
    show: String,
  };
}

/** A number with or without a fraction. */
export function float(range: Range = {}): ValueType<number> {
  const format = describe('a number', range);
  return { format, parse: (value) => parseNumber(value, range, format), show: String };
}

/** A time in seconds, in the environment and in the configuration alike. */
export function seconds(range: Range = { min: 0 }): ValueType<number> {
  const format = describe('seconds', range);
  return { format, parse: (value) => parseNumber(value, range, format), show: String };
}

/** Megapixels in the environment, pixels in the configuration. */
export function megapixels(range: Range = { min: 0 }): ValueType<number> {
  const format = describe('megapixels', range);
  return {
    format,
    parse: (value) => Math.trunc(parseNumber(value, range, format) * PIXELS_IN_MEGAPIXEL),
    show: (value) => String(value / PIXELS_IN_MEGAPIXEL),
  };
}

/** One of some words, in any case. */
export function oneOf<const W extends string>(...words: readonly W[]): ValueType<W> {
  const format = `one of ${words.map((word) => `\`${word}\``).join(', ')}`;
  return {
    format,
    parse(value) {
      const lower = value.toLowerCase();
      const found = words.find((word) => word === lower);
      if (found === undefined) throw new InvalidValue(`must be one of ${words.join(', ')}`);
      return found;
    },
    show: (value) => value,
  };
}

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** A point in time as RFC 3339 writes it, in milliseconds of the Unix epoch; undefined where unset. */
export const dateTime: ValueType<number | undefined> = {
  format: 'a time as in RFC 3339',
  parse(value) {
    const time = Date.parse(value);
    if (!RFC3339.test(value) || Number.isNaN(time)) {
      throw new InvalidValue('must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z');
    }
    return time;
  },
  show: (value) => (value === undefined ? '' : new Date(value).toISOString()),
};
