import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { VARIABLES } from '../../src/config/table.ts';
import type { Variables } from '../../src/config/variable.ts';

/** The loader itself reads them: other values follow from theirs. */
const READ_BY_THE_LOADER = new Set([
  'port',
  'presetsSeparator',
  'onlyPresets',
  'customHeadersSeparator',
  'envLocalFilePath',
  'failOnDeprecation',
]);
/** A name that the connections to origins go by too, where it is another variable's value. */
const NAMED_ALIKE = new Set(['keepAliveTimeout']);

/** All of the code but the configuration. */
function readCode(): string {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('config/'))
    .map((path) => readFileSync(`src/${path}`, 'utf8'))
    .join('\n');
}

/** All tests that start a server or the command line. */
function readTestsFromOutside(): string {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(?:integration|cli)\/.*\.test\.ts$/.test(path))
    .map((path) => readFileSync(`test/${path}`, 'utf8'))
    .join('\n');
}

describe.skipIf(!existsSync('src/serve.ts'))(
  'what the docs say of the effect of a variable',
  () => {
    const code = readCode();
    const isRead = (key: string) => new RegExp(`\\b${key}\\b`).test(code);
    const keysWith = (status: string | undefined) =>
      Object.entries<Variables[string]>(VARIABLES)
        .filter(([, variable]) => variable.status === status)
        .map(([key]) => key);

    it('is true of those that have one: mark as planned what nothing reads', () => {
      const keys = keysWith(undefined).filter((key) => !READ_BY_THE_LOADER.has(key));
      expect(keys.filter((key) => !isRead(key))).toEqual([]);
    });

    it('is true of those that are planned: drop the mark where something reads them', () => {
      const keys = keysWith('planned').filter((key) => !NAMED_ALIKE.has(key));
      expect(keys.filter(isRead)).toEqual([]);
    });

    it('is tested from outside: each variable that has one is named by such a test', () => {
      const tests = readTestsFromOutside();
      const isNamed = (env: string) => new RegExp(`\\b${env}\\b`).test(tests);
      const names = keysWith(undefined).map((key) => (VARIABLES as Variables)[key]?.env ?? key);
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((env) => !isNamed(env))).toEqual([]);
    });
  },
);
