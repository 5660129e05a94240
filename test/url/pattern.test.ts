// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of replacements
import { describe, expect, it } from 'vitest';
import { createAllowedSources } from '../../src/url/allowed-sources.ts';
import { compilePattern } from '../../src/url/pattern.ts';
import { createReplacements } from '../../src/url/replacements.ts';
import { cpuTimeOf } from '../cpu-time.ts';

/** The same pattern as a backtracking regular expression. */
function toRegExp(pattern: string): RegExp {
  const quoted = pattern.split('*').map((part) => part.replace(/[.?$^|()[\]{}\\+/]/g, '\\$&'));
  return new RegExp(`^${quoted.join('([^/]*)')}`);
}

describe('a pattern', () => {
  it.each([
    ['http://a/', 'http://a/b', ['http://a/']],
    ['http://*.a.com/', 'http://x.y.a.com/z', ['http://x.y.a.com/', 'x.y']],
    ['http://*.a.com/', 'http://x/y.a.com/', undefined],
    ['*', 'abc/d', ['abc', 'abc']],
    ['s3://*/b*c', 's3://k/babcbcd/c', ['s3://k/babcbc', 'k', 'abcb']],
    ['a**b', 'axbyb', ['axbyb', 'xby', '']],
    ['', 'x', ['']],
    ['abc', 'ab', undefined],
  ])('%s finds in %s: %j', (pattern, text, captures) => {
    expect(compilePattern(pattern)(text)?.captures).toEqual(captures);
  });

  it('finds what a regular expression finds', () => {
    let seed = 42;
    const random = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * n);
    };
    const word = (letters: string, length: number) =>
      Array.from({ length: random(length + 1) }, () => letters[random(letters.length)]).join('');
    let found = 0;
    for (let round = 0; round < 20_000; round++) {
      const pattern = word('ab/**', 7);
      const text = word('ab/', 12);
      const expected = toRegExp(pattern).exec(text);
      const match = compilePattern(pattern)(text);
      expect(match?.captures, `${pattern} in ${text}`).toEqual(
        expected ? [...expected] : undefined,
      );
      if (expected) {
        found++;
        expect(match?.end).toBe(expected[0].length);
      }
    }
    expect(found).toBeGreaterThan(1000);
  });

  it('takes no longer with many wildcards over a long text', () => {
    const match = compilePattern(`http://${'*a'.repeat(30)}b/`);
    const matchLong = () => expect(match(`http://${'a'.repeat(65_536)}/`)).toBeUndefined();
    expect(cpuTimeOf(matchLong)).toBeLessThan(200);
  });
});

describe('allowed sources', () => {
  it('are all where none are named', () => {
    expect(createAllowedSources([])('anything')).toBe(true);
  });

  it.each([
    ['http://a.test/', true],
    ['http://a.test/x', true],
    ['http://a.test', false],
    ['https://x.b.test/y', true],
    ['https://x.y.b.test/y', true],
    ['https://b.test/y', false],
    ['https://x/.b.test/y', false],
    ['local:///x', true],
    ['HTTP://a.test/', false],
  ])('hold for %s: %s', (url, allowed) => {
    const isAllowed = createAllowedSources(['http://a.test/', 'https://*.b.test/', 'local://']);
    expect(isAllowed(url)).toBe(allowed);
  });

  it.each([
    'https://evil.test#.b.test/',
    'https://evil.test?.b.test/',
    'https://evil.test\\.b.test/',
  ])('are not fooled by %s', (url) => {
    expect(createAllowedSources(['https://*.b.test/'])(url)).toBe(false);
  });
});

describe('replacements', () => {
  it.each([
    ['mys3://', 's3://bucket/images/', 'mys3://x.jpg', 's3://bucket/images/x.jpg'],
    [
      'mys3://*/',
      's3://bucket/${1}/images/',
      'mys3://items/x.jpg',
      's3://bucket/items/images/x.jpg',
    ],
    ['a*/b*/', '$2-$1-${0}/', 'ax/by/z', 'y-x-ax/by//z'],
    ['a', '$$${9}${name}$-', 'ab', '$$-b'],
    ['a', 'b', 'ca', 'ca'],
    ['', 'http://h/', 'x', 'http://h/x'],
  ])('of %s by %s make %s %s', (pattern, replacement, url, result) => {
    expect(createReplacements([{ pattern, replacement }])(url)).toBe(result);
  });

  it('follow each other', () => {
    const replace = createReplacements([
      { pattern: 'a://', replacement: 'b://' },
      { pattern: 'b://', replacement: 'c://' },
    ]);
    expect(replace('a://x')).toBe('c://x');
  });
});
