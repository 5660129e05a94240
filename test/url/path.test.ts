import { describe, expect, it } from 'vitest';

import { createPathSplitter } from '../../src/url/path.ts';
import { errorOf } from './parser.ts';

const split = createPathSplitter('');

describe('the path', () => {
  it('is divided into a signature and what was signed', () => {
    expect(split('/info/sig/size:1/plain/http://h/x.jpg')).toEqual({
      signature: 'sig',
      path: '/size:1/plain/http://h/x.jpg',
    });
  });

  it('ends where the query begins', () => {
    expect(split('/info/sig/aHR0cA?a=/plain/b').path).toBe('/aHR0cA');
  });

  it('keeps percent-encoding as it came', () => {
    expect(split('/info/sig/plain/http%3A%2F%2Fh%2Fx%20y').path).toBe(
      '/plain/http%3A%2F%2Fh%2Fx%20y',
    );
  });

  it('follows the path prefix', () => {
    const prefixed = createPathSplitter('/a/b');
    expect(prefixed('/a/b/info/sig/x').path).toBe('/x');
    expect(errorOf(() => prefixed('/info/sig/x'))).toContain('NOT_FOUND');
  });

  it.each([
    '/',
    '',
    '/infos/sig/x',
    '/sig/plain/x',
    'info/sig/x',
  ])('is none of ours: %j', (target) => {
    expect(errorOf(() => split(target))).toContain('NOT_FOUND');
  });

  it.each([
    '/info',
    '/info/',
    '/info/sig',
    '/info/sig/',
    '/info//plain/http://h',
    '/info/sig//',
    '/info?/sig/x',
  ])('is invalid without a signature and something after it: %j', (target) => {
    expect(errorOf(() => split(target))).toContain('INVALID_URL');
  });
});

describe('repairs', () => {
  it.each([
    ['/size%3A1/f%3A0/plain/http://h/x', '/size:1/f:0/plain/http://h/x'],
    ['/size%3A1/aHR0cA', '/size:1/aHR0cA'],
    ['/plain/http%3A//h/a%3Ab', '/plain/http%3A//h/a%3Ab'],
    ['/size%3a1/plain/http://h/x', '/size%3a1/plain/http://h/x'],
    ['/plain/http:/h/x', '/plain/http://h/x'],
    ['/plain/https:/h/a:/b', '/plain/https://h/a:/b'],
    ['/plain/https://h/a:/b', '/plain/https://h/a:/b'],
    ['/s:1/plain/local:/dir/x', '/s:1/plain/local:///dir/x'],
    ['/s:1/plain/local:///dir/x', '/s:1/plain/local:///dir/x'],
    ['/s:1/plain/local://dir/x', '/s:1/plain/local://dir/x'],
    ['/plain/s3:/bucket/x', '/plain/s3://bucket/x'],
    ['/plain/dir/http:/x', '/plain/dir/http:/x'],
    ['//plain/http:/h/x', '/plain/http://h/x'],
    ['//aHR0cA', '/aHR0cA'],
  ])('make %s of %s', (came, repaired) => {
    expect(split(`/info/sig${came}`).path).toBe(repaired);
  });
});
