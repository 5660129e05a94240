import { items, type Pair, toPair } from './lists.ts';
import { InvalidValue, type ValueType } from './variable.ts';

/** A token: RFC 9110, section 5.6.2. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible characters, spaces and tabs: RFC 9110, section 5.5. */
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** The value of one header. */
export const headerValue: ValueType<string> = {
  format: 'text',
  parse(value) {
    checkValue(value);
    return value;
  },
  show: (value) => value,
};

/** Names of headers, in lower case in the configuration. */
export const headerNames: ValueType<readonly string[]> = {
  format: 'names of headers, divided by commas',
  parse: (value) =>
    items(value, ',').map((name) => {
      checkName(name);
      return name.toLowerCase();
    }),
  show: (value) => value.join(','),
};

/** `Name=value` headers that are divided by what another variable says. */
export function headersBy(separatorEnv: string, fallback: string): ValueType<readonly Pair[]> {
  return {
    format: `\`Name=value\` headers, divided by \`${separatorEnv}\``,
    parse: (value, sibling) =>
      items(value, sibling(separatorEnv) ?? fallback).map((item) => {
        const [name, header] = toPair(item);
        checkName(name.trim());
        checkValue(header.trim());
        return [name.trim(), header.trim()];
      }),
    show: (value) => value.map((pair) => pair.join('=')).join(fallback),
  };
}

function checkName(name: string): void {
  if (!NAME.test(name)) throw new InvalidValue('must hold names that a header may have');
}

function checkValue(value: string): void {
  if (!VALUE.test(value)) throw new InvalidValue('must hold no character that a header may not');
}
