import { readFileSync } from 'node:fs';

import { type Environment, parseEnvFile } from './env-file.ts';
import { DEPRECATED_NAMES, IMGPROXY_NAMES } from './imgproxy-names.ts';
import { nearest } from './nearest.ts';
import { VARIABLES } from './table.ts';

const PREFIXES = ['IMGPROXY_', 'IMGPEEK_'];

/**
 * The environment with the variables of the file that it names, which count before its own.
 * What is wrong with the file is added to `mistakes`.
 */
export function withLocalFile(env: Environment, mistakes: string[]): Environment {
  const name = VARIABLES.envLocalFilePath.env;
  const path = env[name]?.trim();
  if (!path) return env;
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    mistakes.push(`${name} names a file that cannot be read: ${(error as Error).message}`);
    return env;
  }
  const { variables, wrongLines } = parseEnvFile(content, env);
  for (const line of wrongLines) {
    mistakes.push(`${name} names a file whose line ${line} is not NAME=value`);
  }
  return { ...env, ...variables };
}

/** The environment with what is set under a name that was given up moved to the name of today. */
export function withoutDeprecated(
  env: Environment,
  complain: (message: string) => void,
): Environment {
  const result = { ...env };
  for (const [old, today] of DEPRECATED_NAMES) {
    if (!result[old]?.trim()) continue;
    complain(`${old} is deprecated, use ${today} instead`);
    if (!result[today]?.trim()) result[today] = result[old];
  }
  return result;
}

/** A warning for each variable that looks like ours and is not known. */
export function unknownNames(env: Environment): string[] {
  const known = new Set(Object.values(VARIABLES).map((variable) => variable.env));
  const isKnown = (name: string) =>
    known.has(name) || IMGPROXY_NAMES.has(name) || DEPRECATED_NAMES.has(name);
  return Object.keys(env)
    .filter((name) => PREFIXES.some((prefix) => name.startsWith(prefix)) && !isKnown(name))
    .map(
      (name) =>
        `${name} is not known; did you mean ${nearest(name, [...known, ...IMGPROXY_NAMES])}?`,
    );
}
