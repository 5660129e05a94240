import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VARIABLES } from '../../src/config/table.ts';

const compose = readFileSync('deploy/compose.yaml', 'utf8');
const known = new Set<string>(Object.values(VARIABLES).map(({ env }) => env));
/** The variables that stand in the file, which go before those of the operator's. */
const set = [...compose.matchAll(/^ +(IMG[A-Z_]+): (.+)$/gm)].map(([, name, value]) => ({
  name: name!,
  value: value!,
}));

it('compose.yaml takes the variables of the file that IMGPEEK_ENV_FILE names', () => {
  expect(compose).toContain(
    [
      '  env_file:',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose's own
      '    - path: ${IMGPEEK_ENV_FILE:-imgpeek.env}',
      '      required: false',
    ].join('\n'),
  );
});

it('compose.yaml sets known variables, and none to what its environment lacks', () => {
  expect(set.filter(({ name }) => !known.has(name))).toEqual([]);
  expect(set.filter(({ value }) => value.includes('$'))).toEqual([]);
});

it('compose.yaml has as many instances as nginx asks, each with addresses of its own', () => {
  const nginx = readFileSync('deploy/nginx.conf', 'utf8');
  const asked = [...nginx.matchAll(/^ +server (\S+:\d+)/gm)].map(([, address]) => address);
  const bound = set.filter(({ name }) => name === 'IMGPROXY_BIND').map(({ value }) => value);
  expect(bound).toEqual(asked);
  const addresses = set.filter(({ name }) => name.endsWith('_BIND')).map(({ value }) => value);
  expect(new Set(addresses).size).toBe(addresses.length);
});
