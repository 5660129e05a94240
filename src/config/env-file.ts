/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What an environment file holds. */
export interface EnvFile {
  readonly variables: Record<string, string>;
  /** Numbers of the lines that are no assignments, from 1. */
  readonly wrongLines: readonly number[];
}

const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*/;
const REFERENCE = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Reads `NAME=value` lines. Values may be quoted: with single quotes they count as they stand,
 * with double quotes `\n`, `\"` and `\\` are resolved. `$NAME` and `${NAME}` are the values of
 * variables above, or of `env`, but for single quotes.
 */
export function parseEnvFile(content: string, env: Environment): EnvFile {
  const variables: Record<string, string> = {};
  const wrongLines: number[] = [];
  const expand = (text: string) =>
    text.replace(REFERENCE, (_, braced: string, bare: string) => {
      const name = braced ?? bare;
      return variables[name] ?? env[name] ?? '';
    });

  for (const [index, raw] of content.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const assignment = ASSIGNMENT.exec(line);
    const value = assignment && parseValue(line.slice(assignment[0].length), expand);
    if (typeof value === 'string') variables[assignment![1]!] = value;
    else wrongLines.push(index + 1);
  }
  return { variables, wrongLines };
}

/** undefined where a quote is not closed, or something follows it. */
function parseValue(text: string, expand: (text: string) => string): string | undefined {
  const quote = text[0];
  if (quote === "'" || quote === '"') {
    const end = closingQuote(text, quote);
    if (end < 0 || !/^(\s+#.*)?$/.test(text.slice(end + 1))) return undefined;
    const inner = text.slice(1, end);
    return quote === "'" ? inner : resolveEscapes(inner, expand);
  }
  const comment = text.search(/\s#/);
  return expand(comment < 0 ? text : text.slice(0, comment).trimEnd());
}

function closingQuote(text: string, quote: string): number {
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '\\' && quote === '"') i++;
    else if (text[i] === quote) return i;
  }
  return -1;
}

/** Resolves escapes and references; an escaped `$` begins no reference. */
function resolveEscapes(text: string, expand: (text: string) => string): string {
  return text
    .split(/(\\.)/s)
    .map((part) =>
      part[0] === '\\' && part.length === 2 ? (ESCAPES[part[1]!] ?? part[1]!) : expand(part),
    )
    .join('');
}
