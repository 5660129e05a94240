import { quote } from '../errors.ts';
import { InvalidArgument } from './option.ts';

const TRUE = new Set(['1', 't', 'true']);
const FALSE = new Set(['0', 'f', 'false', '']);
/** Longer than any number that makes sense. */
const MAX_DIGITS = 32;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

/** A switch; `fallback` where the argument is left out. */
export function toBoolean(arg: string | undefined, fallback: boolean): boolean {
  if (arg === undefined) return fallback;
  if (TRUE.has(arg)) return true;
  if (FALSE.has(arg)) return false;
  throw new InvalidArgument(`must be 1, t, true, 0, f or false, not ${quote(arg)}`);
}

/** A number with or without a fraction, `min` and `max` being allowed. */
export function toNumber(arg: string, min = -Infinity, max = Infinity): number {
  return inRange(arg, NUMBER, 'a number', min, max);
}

/** A whole number, `min` and `max` being allowed. */
export function toInteger(
  arg: string,
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
): number {
  return inRange(arg, INTEGER, 'a whole number', min, max);
}

/** One of some words. */
export function toWord<W extends string>(arg: string, words: readonly W[]): W {
  const found = words.find((word) => word === arg);
  if (found === undefined) {
    throw new InvalidArgument(`must be one of ${words.join(', ')}, not ${quote(arg)}`);
  }
  return found;
}

function inRange(arg: string, form: RegExp, noun: string, min: number, max: number): number {
  const value = arg.length <= MAX_DIGITS && form.test(arg) ? Number(arg) : Number.NaN;
  // Not a number is in no range.
  if (!(value >= min && value <= max) || !Number.isFinite(value)) {
    throw new InvalidArgument(`must be ${noun} in range, not ${quote(arg)}`);
  }
  return value;
}
