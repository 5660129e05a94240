import { styleText } from 'node:util';
import { escapeUnsafe } from '../log/escape.ts';

/** The tokens of JSON: RFC 8259, section 2. A key is a string with its colon. */
const TOKEN = /("(?:[^"\\]|\\.)*")(:?)|[{}[\],]|[^\s{}[\],":]+/g;

/**
 * Lays JSON text out over lines, its numbers and the order of its keys as they stand.
 *
 * @param colour Whether keys and values are coloured.
 */
export function layOutJson(json: string, colour: boolean): string {
  const paint = (style: 'cyan' | 'green' | 'yellow', text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  let out = '';
  let depth = 0;
  let empty = false;
  const newLine = () => `\n${'  '.repeat(depth)}`;

  for (const [token, string, colon] of escapeUnsafe(json).matchAll(TOKEN)) {
    if (token === '}' || token === ']') {
      depth--;
      out += empty ? token : newLine() + token;
      empty = false;
      continue;
    }
    if (empty) out += newLine();
    empty = false;
    if (token === '{' || token === '[') {
      depth++;
      empty = true;
      out += token;
    } else if (token === ',') {
      out += token + newLine();
    } else if (string === undefined) {
      out += paint('yellow', token);
    } else {
      out += colon ? `${paint('cyan', string)}: ` : paint('green', string);
    }
  }
  return out;
}
