import { describe, expect, it } from 'vitest';
import { CookieJar } from '../../src/source/cookies.ts';
import { parseTarget } from '../../src/source/target.ts';

function sent(setCookie: string, from: string, to: string): string | undefined {
  const jar = new CookieJar();
  jar.store([setCookie], parseTarget(from));
  return jar.fieldFor(parseTarget(to));
}

describe('a cookie', () => {
  it.each([
    ['a=1', 'http://x.example/', 'http://x.example/', true],
    ['a=1', 'http://x.example/', 'http://x.example:81/', true],
    ['a=1', 'http://x.example/', 'http://sub.x.example/', false],
    ['a=1; Domain=x.example', 'http://x.example/', 'http://sub.x.example/', true],
    ['a=1; Domain=.x.example', 'http://sub.x.example/', 'http://other.x.example/', true],
    ['a=1; Domain=x.example', 'http://x.example/', 'http://notx.example/', false],
    ['a=1; Domain=sub.x.example', 'http://x.example/', 'http://sub.x.example/', false],
    ['a=1; Domain=example', 'http://x.example/', 'http://y.example/', false],
    ['a=1; Domain=0.0.1', 'http://127.0.0.1/', 'http://127.0.0.1/', false],
    ['a=1; Secure', 'https://x.example/', 'https://x.example/', true],
    ['a=1; Secure', 'https://x.example/', 'http://x.example/', false],
    ['a=1', 'http://x.example/dir/file?q', 'http://x.example/dir/other', true],
    ['a=1', 'http://x.example/dir/file?q', 'http://x.example/else', false],
    ['a=1', 'http://x.example/dir/file?q=/x', 'http://x.example/dir/other?y', true],
  ])('%s from %s to %s: %s', (setCookie, from, to, isSent) => {
    expect(sent(setCookie, from, to)).toBe(isSent ? 'a=1' : undefined);
  });
});
