import { describe, expect, it } from 'vitest';

import { RequestError } from '../../src/errors.ts';
import { cpuTimeOf } from '../cpu-time.ts';
import { parserOf } from './parser.ts';

/** The longest request line that the server passes on. */
const LENGTH = 65_536;
/** Many times what it takes, far less than what a quadratic step would. */
const MILLISECONDS = 500;

const fill = (unit: string) => unit.repeat(Math.ceil(LENGTH / unit.length));

describe('a target of 64 KiB', () => {
  const parse = parserOf({
    IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: '00112233445566778899aabbccddeeff',
    IMGPROXY_INFO_PRESETS: 'a=size:1/exif:0/iptc:0/xmp:0,b=pr:a:a:a:a',
    IMGPROXY_URL_REPLACEMENTS: 'http://*a*a*a*a*a*b/=x',
    IMGPROXY_ALLOWED_SOURCES: 'http://*a*a*a*a*b/,http://',
  });

  it.each([
    ['options', fill('s:1/')],
    ['one argument after the other', `cl:0${fill(':a')}`],
    ['presets', `pr:b${fill(':b')}/plain/x`],
    ['digits', `p:${fill('1')}`],
    ['separators', fill(':')],
    ['slashes', fill('/')],
    ['%3A', fill('%3A')],
    ['a scheme', `plain/${fill('a')}:/x`],
    ['colons in the source URL', `plain/${fill(':/')}`],
    ['letters that wildcards like', `plain/http://${fill('a')}/x`],
    ['escapes', `plain/http://h/${fill('%41')}`],
    ['escapes that are no UTF-8', `plain/http://h/${fill('%C3')}`],
    ['broken characters', `plain/http://h/${fill('%F0%9F%98')}`],
    ['marks', `plain/${fill('@')}`],
    ['dots', fill('.')],
    ['padding', `a${fill('=')}.b`],
    ['Base64', fill('aHR0')],
    ['Base64 of bytes that are no UTF-8', fill('w8PD')],
    ['Base64 in single letters', fill('a/')],
    ['ciphertext', `enc/${fill('AAAA')}`],
  ])('of %s is read in time that is linear', (_, rest) => {
    const read = () => {
      try {
        parse(`/info/_/${rest}`);
      } catch (error) {
        expect(error).toBeInstanceOf(RequestError);
        expect((error as RequestError).message.length).toBeLessThan(500);
      }
    };
    expect(cpuTimeOf(read)).toBeLessThan(MILLISECONDS);
  });
});
