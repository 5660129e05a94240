import { readFileSync } from 'node:fs';

import { InvalidValue, type ValueType } from './variable.ts';

/** A name and a value, such as a header's. */
export type Pair = readonly [name: string, value: string];

/** What stands for a prefix of source URLs: `*` in the pattern is anything but a slash. */
export interface Replacement {
  readonly pattern: string;
  /** `${1}` is what the first `*` stood for. */
  readonly replacement: string;
}

/** Words divided by commas; spaces around them do not count. */
export const list: ValueType<readonly string[]> = {
  format: 'a list, divided by commas',
  parse: (value) => items(value, ','),
  show: (value) => value.join(','),
};

/** A list that is divided by what another variable says. */
export function listBy(separatorEnv: string, fallback: string): ValueType<readonly string[]> {
  return {
    format: `a list, divided by \`${separatorEnv}\``,
    parse: (value, sibling) => items(value, sibling(separatorEnv) ?? fallback),
    show: (value) => value.join(fallback),
  };
}

/** `name=value` pairs divided by semicolons. */
export const pairs: ValueType<readonly Pair[]> = {
  format: '`name=value` pairs, divided by semicolons',
  parse: (value) => items(value, ';').map(toPair),
  show: (value) => value.map((pair) => pair.join('=')).join(';'),
};

/** `pattern=replacement` pairs divided by semicolons. */
export const replacements: ValueType<readonly Replacement[]> = {
  format: '`pattern=replacement` pairs, divided by semicolons',
  parse: (value) =>
    items(value, ';').map((item) => {
      const at = item.indexOf('=');
      if (at < 0) throw new InvalidValue('must be pairs with a = between their halves');
      return { pattern: item.slice(0, at), replacement: item.slice(at + 1) };
    }),
  show: (value) => value.map((item) => `${item.pattern}=${item.replacement}`).join(';'),
};

/** A text file's path in the environment, its lines in the configuration: blank ones and comments (`#`) apart. */
export const linesOfFile: ValueType<readonly string[]> = {
  format: 'the path of a text file',
  parse(path) {
    let content: string;
    try {
      content = readFileSync(path, 'utf8');
    } catch (error) {
      throw new InvalidValue(`names a file that cannot be read: ${(error as Error).message}`);
    }
    return items(content, '\n').filter((line) => !line.startsWith('#'));
  },
  show: (value) => value.join('\n'),
};

/** Items of a list, without the spaces around them and without empty ones. */
export function items(value: string, separator: string): string[] {
  return value
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** @throws InvalidValue where an item has no `=`, or nothing before it */
export function toPair(item: string): Pair {
  const at = item.indexOf('=');
  if (at < 1) throw new InvalidValue('must be pairs with a = between their halves');
  return [item.slice(0, at), item.slice(at + 1)];
}
