import type { Replacement } from '../config/lists.ts';
import { compilePattern } from './pattern.ts';

/** `$1`, `${1}` and `$$`. */
const REFERENCE = /\$(?:(\$)|\{(\w+)\}|(\w+))/g;
const NUMBER = /^(0|[1-9]\d*)$/;

/** Makes the function that replaces the prefixes of source URLs, one replacement after the other. */
export function createReplacements(replacements: readonly Replacement[]): (url: string) => string {
  const compiled = replacements.map(({ pattern, replacement }) => ({
    match: compilePattern(pattern),
    expand: compileTemplate(replacement),
  }));
  return (url) => {
    let result = url;
    for (const { match, expand } of compiled) {
      const found = match(result);
      if (found) result = expand(found.captures) + result.slice(found.end);
    }
    return result;
  };
}

/** What refers to no wildcard of the pattern stands for nothing. */
function compileTemplate(template: string): (captures: readonly string[]) => string {
  const pieces: (string | number)[] = [];
  let at = 0;
  for (const found of template.matchAll(REFERENCE)) {
    const [all, dollar, braced, bare] = found;
    const name = braced ?? bare ?? '';
    pieces.push(template.slice(at, found.index));
    if (dollar) pieces.push('$');
    else if (NUMBER.test(name)) pieces.push(Number(name));
    at = found.index + all.length;
  }
  pieces.push(template.slice(at));
  return (captures) =>
    pieces.map((piece) => (typeof piece === 'string' ? piece : (captures[piece] ?? ''))).join('');
}
