import { describe, expect, it } from 'vitest';
import { RequestError } from '../../src/errors.ts';
import { parseTarget, resolveTarget } from '../../src/source/target.ts';

describe('the target of a URL', () => {
  it.each([
    ['http://a.example', '/'],
    ['http://a.example/', '/'],
    ['http://a.example?x=1', '/?x=1'],
    ['http://a.example/b#fragment', '/b'],
    ['http://a.example#fragment', '/'],
    ['http://a.example/a%2Fb', '/a%2Fb'],
    ['http://a.example/a%2fb', '/a%2fb'],
    ['http://a.example/%7Euser', '/%7Euser'],
    ['http://a.example/~user', '/~user'],
    ['http://a.example/a+b?c+d', '/a+b?c+d'],
    ['http://a.example//a//b', '//a//b'],
    ['http://a.example/a/../b/./c', '/a/../b/./c'],
    ['http://a.example/%2e%2e/b', '/%2e%2e/b'],
    ["http://a.example/!$&'()*,;=:@[]", "/!$&'()*,;=:@[]"],
    ['http://a.example/a?b=http://c.example/?d', '/a?b=http://c.example/?d'],
    [
      'http://a.example/k?X-Amz-Signature=ab%2Fcd%3D&x=%20y',
      '/k?X-Amz-Signature=ab%2Fcd%3D&x=%20y',
    ],
    ['http://a.example/a b', '/a%20b'],
    ['http://a.example/ü/日', '/%C3%BC/%E6%97%A5'],
    ['http://a.example/😀', '/%F0%9F%98%80'],
    ['http://a.example/a\tb\nc', '/a%09b%0Ac'],
    ['http://a.example/a\\b', '/a%5Cb'],
    ['http://a.example/100%.jpg', '/100%25.jpg'],
    ['http://a.example/%zz%4', '/%25zz%254'],
    ['http://a.example/{a|b}^`"<>', '/%7Ba%7Cb%7D%5E%60%22%3C%3E'],
  ])('of %s is %s', (url, path) => {
    expect(parseTarget(url).path).toBe(path);
  });

  it.each([
    ['HTTP://A.Example:80/', 'http://a.example', 'a.example', false],
    ['https://a.example:443/', 'https://a.example', 'a.example', true],
    ['https://a.example:8443/', 'https://a.example:8443', 'a.example', true],
    ['http://münchen.example/', 'http://xn--mnchen-3ya.example', 'xn--mnchen-3ya.example', false],
    ['http://[::1]:8080/', 'http://[::1]:8080', '[::1]', false],
    ['http://2130706433/', 'http://127.0.0.1', '127.0.0.1', false],
    ['http://0x7f.1/', 'http://127.0.0.1', '127.0.0.1', false],
    ['http://user:secret@a.example/', 'http://a.example', 'a.example', false],
  ])('of %s goes to %s', (url, origin, host, secure) => {
    expect(parseTarget(url)).toMatchObject({ origin, host, secure });
  });

  it('carries the credentials of the URL apart from it', () => {
    const target = parseTarget('http://us%40er:p%3Ass@a.example/b');
    expect(target.authorization).toBe(`Basic ${Buffer.from('us@er:p:ss').toString('base64')}`);
    expect(target.url).toBe('http://a.example/b');
  });

  it.each([
    'http:///path',
    'http://',
    'ftp://a.example/',
    'a.example/b',
    'http://good.example\\@evil.example/',
    'http://a.ex\nample/',
    'http://a.ex ample/',
    'http://a\0.example/',
    'http://a.example:99999/',
    'http://[::1/',
    'http://a%00b/',
  ])('is refused for %j', (url) => {
    expect(() => parseTarget(url)).toThrow(RequestError);
  });
});

describe('the target of a Location', () => {
  const base = parseTarget('https://a.example:444/dir/file%20name?query=1');

  it.each([
    ['http://b.example/x?y', 'http://b.example/x?y'],
    ['//b.example/x', 'https://b.example/x'],
    ['/x//y/../z?%7E', 'https://a.example:444/x//y/../z?%7E'],
    ['x', 'https://a.example:444/dir/x'],
    ['./x', 'https://a.example:444/dir/x'],
    ['../x', 'https://a.example:444/x'],
    ['../../../x/.', 'https://a.example:444/x/'],
    ['x/..', 'https://a.example:444/dir/'],
    ['x?a=../b', 'https://a.example:444/dir/x?a=../b'],
    ['?y', 'https://a.example:444/dir/file%20name?y'],
    ['#top', 'https://a.example:444/dir/file%20name?query=1'],
    ['  /x  ', 'https://a.example:444/x'],
    ['/a b', 'https://a.example:444/a%20b'],
    ['x:y/z', undefined],
    [Buffer.from('/ü', 'utf8').toString('latin1'), 'https://a.example:444/%C3%BC'],
    [Buffer.from('/ü', 'latin1').toString('latin1'), 'https://a.example:444/%FC'],
    [Buffer.from('//ü.example/', 'utf8').toString('latin1'), 'https://xn--tda.example/'],
  ])('%s is %s', (location, url) => {
    if (url === undefined) expect(() => resolveTarget(location, base)).toThrow(RequestError);
    else expect(resolveTarget(location, base).url).toBe(url);
  });

  it.each([
    'ftp://b.example/',
    'file:///etc/passwd',
    'local:///x',
    'javascript:x',
    'data:,x',
  ])('is refused for %s', (location) => {
    expect(() => resolveTarget(location, base)).toThrow(/scheme/);
  });

  it('keeps the credentials where the Location is relative', () => {
    const withUser = parseTarget('http://user:secret@a.example/b');
    expect(resolveTarget('/c', withUser).authorization).toBe(withUser.authorization);
    expect(resolveTarget('http://a.example/c', withUser).authorization).toBeUndefined();
  });
});
