// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of replacements
import { createCipheriv } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { errorOf, parserOf } from './parser.ts';

const KEY = '1eb5b0e971ad7f45324c1bb15c947cb207c43152fa5c6c7f35c4f36e0c18e0f1';
const ENCRYPTED =
  'p5VjorNdhs7mRRw8gA9TWoRlGci3l1kuzqN43UQlRaRIQ0qtBKW3qFABIsx-ZRz_cVc8iVTYbhsNsxNBL1BHaQ';
const CURIOSITY = 'http://example.com/images/curiosity.jpg';

const parse = parserOf();
const source = (rest: string) => parse(`/info/_/${rest}`).sourceUrl;
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64url');

describe('a plain source URL', () => {
  it.each([
    ['plain/http://h/x.jpg', 'http://h/x.jpg'],
    ['plain/http%3A%2F%2Fh%2Fx%20y.jpg', 'http://h/x y.jpg'],
    ['plain/http://h/a%2520b', 'http://h/a%20b'],
    ['plain/http://h/x%3Fa=1%26b=2', 'http://h/x?a=1&b=2'],
    ['plain/http://h/a+b', 'http://h/a+b'],
    ['plain/http://h/%C3%A4', 'http://h/ä'],
    ['plain/http://h/x.jpg@png', 'http://h/x.jpg'],
    ['plain/http://h/x.jpg@', 'http://h/x.jpg'],
    ['plain/http://u%40h/x.jpg@jpg', 'http://u@h/x.jpg'],
    ['plain/http://h/plain/size:1', 'http://h/plain/size:1'],
    ['plain/http://h/a//b', 'http://h/a//b'],
    ['plain/local:///x.jpg', 'local:///x.jpg'],
    ['plain/x.jpg', 'x.jpg'],
  ])('of %s is %s', (rest, url) => {
    expect(source(rest)).toBe(url);
  });

  it('keeps bytes that are no UTF-8 percent-encoded', () => {
    expect(source('plain/http://h/caf%E9%20%C3%A4%C3%F0%9F%98.jpg')).toBe(
      'http://h/caf%E9 ä%C3%F0%9F%98.jpg',
    );
  });

  it.each([
    ['a second @', 'plain/http://h/x@a@b'],
    ['a path after @', 'plain/http://user:pass@h/x.jpg'],
    ['a name after @', 'plain/http://h/x@2x.png'],
    ['nothing', 'plain/'],
    ['nothing before @', 'plain/@png'],
    ['a broken escape', 'plain/http://h/%zz'],
    ['half an escape', 'plain/http://h/%4'],
    ['no slash', 'plain'],
  ])('is invalid with %s', (_, rest) => {
    expect(errorOf(() => source(rest))).toContain('INVALID_URL');
  });

  it.each(['%00', '%0A', '%7F'])('is refused with the control character %s', (escaped) => {
    expect(errorOf(() => source(`plain/http://h/x${escaped}y`))).toContain('INVALID_SOURCE_URL');
  });
});

describe('a Base64 source URL', () => {
  const encoded = base64(CURIOSITY);

  it.each([
    ['as it is', encoded],
    ['divided by slashes', encoded.replace(/(.{7})/g, '$1/')],
    ['with a slash at its end', `${encoded}/`],
    ['with padding', `${base64('http://h/xy')}=`],
    ['with an extension', `${encoded}.jpg`],
    ['with padding and an extension', `${base64('http://h/x')}==.png`],
    ['with a dot at its end', `${encoded}.`],
  ])('is read %s', (_, rest) => {
    expect(source(rest)).toMatch(/^http:\/\/(h\/xy?|example\.com\/images\/curiosity\.jpg)$/);
  });

  it('is read after options', () => {
    expect(source(`size:1/${encoded}`)).toBe(CURIOSITY);
  });

  it.each([
    ['plain Base64’s alphabet', base64(Buffer.from('fbffbf', 'hex')).replace('-', '+')],
    ['two extensions', `${encoded}.a.b`],
    ['only an extension', '.jpg'],
    ['an impossible length', 'abcde'],
    ['padding alone in the middle', 'aG=k'],
    ['percent-encoding', 'aGk%3D'],
    ['nothing but options', 'size:1/format:1'],
  ])('is invalid with %s', (_, rest) => {
    expect(errorOf(() => source(rest))).toContain('INVALID_URL');
  });

  it('keeps bytes that are no UTF-8 percent-encoded', () => {
    expect(source(base64(Buffer.from('http://h/\xe9.jpg', 'latin1')))).toBe('http://h/%E9.jpg');
  });

  it('loses what follows the last slash where that is a file name', () => {
    const named = parserOf({ IMGPROXY_BASE64_URL_INCLUDES_FILENAME: 'true' });
    const read = (rest: string) => named(`/info/_/${rest}`).sourceUrl;
    expect(read(`${encoded}/puppy.jpg`)).toBe(CURIOSITY);
    expect(read(`${encoded.slice(0, 9)}/${encoded.slice(9)}.png/a.b.c@d`)).toBe(CURIOSITY);
    expect(read(encoded)).toBe(CURIOSITY);
    expect(read('plain/http://h/x/puppy.jpg')).toBe('http://h/x/puppy.jpg');
  });
});

describe('an encrypted source URL', () => {
  const secret = parserOf({ IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: KEY });
  const read = (rest: string) => secret(`/info/_/${rest}`).sourceUrl;
  const encrypt = (bytes: Buffer, key = KEY, padding = true) => {
    const iv = Buffer.alloc(16, 7);
    const cipher = createCipheriv(`aes-${key.length * 4}-cbc`, Buffer.from(key, 'hex'), iv);
    cipher.setAutoPadding(padding);
    return base64(Buffer.concat([iv, cipher.update(bytes), cipher.final()]));
  };

  it('is the documented one', () => {
    expect(read(`enc/${ENCRYPTED}`)).toBe(CURIOSITY);
    expect(read(`size:1/enc/${ENCRYPTED.replace(/(.{20})/g, '$1/')}.jpg`)).toBe(CURIOSITY);
  });

  it.each([32, 48, 64])('has a key of %d hex digits', (digits) => {
    const key = KEY.slice(0, digits);
    const parser = parserOf({ IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: key });
    expect(parser(`/info/_/enc/${encrypt(Buffer.from(CURIOSITY), key)}`).sourceUrl).toBe(CURIOSITY);
  });

  it('may fill its last block, and then has a block of padding', () => {
    const url = 'http://h/0123456';
    expect(url).toHaveLength(16);
    expect(read(`enc/${encrypt(Buffer.from(url))}`)).toBe(url);
  });

  it('loses a file name', () => {
    const named = parserOf({
      IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: KEY,
      IMGPROXY_BASE64_URL_INCLUDES_FILENAME: '1',
    });
    expect(named(`/info/_/enc/${ENCRYPTED}/puppy.jpg`).sourceUrl).toBe(CURIOSITY);
  });

  it('is answered alike whatever is wrong with it', () => {
    const bytes = Buffer.from(ENCRYPTED, 'base64url');
    const changed = (at: number) => {
      const copy = Buffer.from(bytes);
      copy[at]! ^= 1;
      return base64(copy);
    };
    const padded = (last: number) => encrypt(Buffer.alloc(16, last), KEY, false);
    const wrong = [
      ...Array.from(bytes.keys(), changed).slice(16),
      base64(bytes.subarray(0, 16)),
      base64(bytes.subarray(0, 32 + 5)),
      base64(bytes.subarray(0, 8)),
      padded(0),
      padded(17),
      encrypt(Buffer.from('http://h/\n')),
      encrypt(Buffer.from('http://h/\xe9', 'latin1')),
      encrypt(Buffer.from('')),
      encrypt(Buffer.from('no URL at all')),
      encrypt(Buffer.from('http:/h')),
      'abcde',
      '****',
    ];
    const answers = new Set(wrong.map((rest) => errorOf(() => read(`enc/${rest}`))));
    expect([...answers]).toEqual(['INVALID_URL: the encrypted source URL is not valid']);
  });

  it('is invalid without a key', () => {
    expect(errorOf(() => source(`enc/${ENCRYPTED}`))).toContain('INVALID_URL');
  });
});

describe('what is done with a decoded source URL', () => {
  const env = {
    IMGPROXY_URL_REPLACEMENTS: 'my://*/=s/${1}/',
    IMGPROXY_BASE_URL: 'http://h/',
    IMGPROXY_ALLOWED_SOURCES: 'http://h/s/',
  };

  it('is replacements, then the base URL, then the allowed sources', () => {
    const read = parserOf(env);
    expect(read('/info/_/plain/my://a/b.jpg').sourceUrl).toBe('http://h/s/a/b.jpg');
    expect(read('/info/_/plain/http://h/s/x').sourceUrl).toBe('http://h/s/x');
    expect(errorOf(() => read('/info/_/plain/b.jpg'))).toContain('INVALID_SOURCE_URL');
  });
});
