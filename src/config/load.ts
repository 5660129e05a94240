import { consistencyMistakes, consistencyWarnings } from './consistency.ts';
import type { Environment } from './env-file.ts';
import { unknownNames, withLocalFile, withoutDeprecated } from './environment.ts';
import { ConfigError } from './errors.ts';
import { withoutPassword } from './password.ts';
import { type Config, VARIABLES } from './table.ts';
import { InvalidValue, isDerived, type Variable, type Variables } from './variable.ts';

/** A configuration, and what the operator should know about it. */
export interface Loaded {
  readonly config: Config;
  /** One sentence each, for the log at the start. */
  readonly warnings: readonly string[];
  /** Full names of the variables that are set, in the environment or in its file. */
  readonly set: ReadonlySet<string>;
}

/**
 * Reads the configuration out of environment variables. Blank ones count as unset.
 *
 * @throws ConfigError with all of the mistakes at once
 */
export function loadConfig(env: Environment): Loaded {
  const mistakes: string[] = [];
  const deprecations: string[] = [];
  const environment = withoutDeprecated(withLocalFile(env, mistakes), (message) =>
    deprecations.push(message),
  );
  const values = readAll(environment, mistakes);
  if (values.failOnDeprecation === true) mistakes.push(...deprecations);

  const config = values as unknown as Config;
  // What did not parse has no value to compare with others.
  if (mistakes.length === 0) mistakes.push(...consistencyMistakes(config));
  if (mistakes.length > 0) throw new ConfigError(mistakes);

  const warnings = [
    ...deprecations,
    ...unknownNames(environment),
    ...plannedWarnings(environment),
    ...consistencyWarnings(config),
  ];
  const set = Object.values<Variables[string]>(VARIABLES)
    .filter((variable) => textOf(environment, variable) !== undefined)
    .map((variable) => variable.env);
  return { config: Object.freeze(config), warnings, set: new Set(set) };
}

function readAll(environment: Environment, mistakes: string[]): Record<string, unknown> {
  const sibling = (name: string) => environment[name] || undefined;
  const values: Record<string, unknown> = {};
  const derived: [key: string, derive: () => unknown][] = [];

  for (const [key, variable] of Object.entries<Variables[string]>(VARIABLES)) {
    const text = textOf(environment, variable);
    if (text === undefined) {
      const fallback = variable.default;
      if (isDerived(fallback)) derived.push([key, () => fallback.derive(values)]);
      else values[key] = freeze(fallback);
      continue;
    }
    try {
      const value = variable.type.parse(text, sibling);
      if (variable.status === 'unsupported' && value !== variable.default) {
        mistakes.push(`${variable.env} is not supported yet: unset it to start without it`);
      }
      values[key] = freeze(value);
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      const shown = variable.secret ? '' : `, not ${JSON.stringify(withoutPassword(text))}`;
      mistakes.push(`${variable.env} ${error.message}${shown}`);
    }
  }
  for (const [key, derive] of derived) values[key] = freeze(derive());
  return values;
}

function textOf(environment: Environment, variable: Variable<unknown>): string | undefined {
  const text = environment[variable.env];
  if (text === undefined || (text.trim() === '' && !variable.blank)) return undefined;
  return text;
}

function plannedWarnings(environment: Environment): string[] {
  return Object.values<Variables[string]>(VARIABLES)
    .filter((variable) => variable.status === 'planned')
    .filter((variable) => textOf(environment, variable) !== undefined)
    .map((variable) => `${variable.env} is accepted, but nothing acts on it yet`);
}

/** Freezes lists and what is in them; bytes cannot be frozen. */
function freeze<T>(value: T): T {
  if (!Array.isArray(value)) return value;
  for (const item of value) {
    if (!Buffer.isBuffer(item)) Object.freeze(item);
  }
  return Object.freeze(value);
}
