import { expect, it } from 'vitest';

import { RequestError } from '../../src/errors.ts';
import { OPTIONS } from '../../src/url/options/table.ts';
import { parserOf } from './parser.ts';

const ROUNDS = 20_000;
const NAMES = Object.entries(OPTIONS).flatMap(([name, option]) => [name, ...option.aliases]);
const PIECES = [
  ...NAMES.map((name) => `${name}:`),
  ...['/', '//', ':', '::', '.', '@', '=', '%', '%3A', '%2F', '%zz', '?', '*', ' ', 'ä', '\u0000'],
  ...['/plain/', '/enc/', 'http://', 'http:/', 'local:/', 'aHR0cDovL2gv', '0', '1', 't', 'none'],
  ...['md5', 'fp', 'objw', 'ce', '0.5', '-1', '1e9', '99999999999999999999', 'a', '__proto__'],
];

it('answers any noise with a request, or with an error that a client may see', () => {
  let seed = 7;
  const random = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * n);
  };
  const parse = parserOf({
    IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: '00112233445566778899aabbccddeeff',
    IMGPROXY_URL_REPLACEMENTS: 'http://*a/=x',
    IMGPROXY_ALLOW_SECURITY_OPTIONS: '1',
    IMGPROXY_ALLOW_BYPASS_CACHE: '1',
    IMGPROXY_INFO_PRESETS: 'a=size:0',
  });
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const noise = Array.from({ length: random(10) }, () => PIECES[random(PIECES.length)]).join('');
    const target = `/info/_/${noise}`;
    try {
      parse(target);
      seen.add('a request');
    } catch (error) {
      expect(error, target).toBeInstanceOf(RequestError);
      seen.add((error as RequestError).code);
    }
  }
  // Else the noise says nothing about what lies behind the first check.
  expect(seen).toContain('a request');
  expect(seen).toContain('INVALID_SOURCE_URL');
});
