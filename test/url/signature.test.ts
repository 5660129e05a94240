import { describe, expect, it } from 'vitest';

import { createSignatureCheck, type SignatureConfig } from '../../src/url/signature.ts';
import { errorOf, parserOf, sign } from './parser.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const BASE: SignatureConfig = {
  keys: [hex('736563726574')],
  salts: [hex('68656C6C6F')],
  signatureSize: 32,
  trustedSignatures: [],
};
const PATH = '/rs:fill:300:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png';
const SIGNATURE = 'oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8';

function check(signature: string, path: string, config: Partial<SignatureConfig> = {}): string {
  return errorOf(() => createSignatureCheck({ ...BASE, ...config })(signature, path));
}

describe('a signature', () => {
  it('is the documented one', () => {
    expect(check(SIGNATURE, PATH)).toBe('no error');
  });

  it.each([
    ['another path', SIGNATURE, `${PATH}x`],
    ['another letter', SIGNATURE.replace('o', 'p'), PATH],
    ['nothing', '', PATH],
    ['a longer one', `${SIGNATURE}AAAA`, PATH],
    ['a shorter one', SIGNATURE.slice(0, 20), PATH],
    ['padding', `${SIGNATURE}=`, PATH],
    ['the alphabet of plain Base64', SIGNATURE.replace('_', '/'), PATH],
    ['any word', 'unsafe', PATH],
  ])('is refused with %s', (_, signature, path) => {
    expect(check(signature, path)).toContain('FORBIDDEN');
  });

  it('may be cut to a size', () => {
    const short = sign(PATH, '736563726574', '68656C6C6F', 8);
    expect(check(short, PATH, { signatureSize: 8 })).toBe('no error');
    expect(check(SIGNATURE, PATH, { signatureSize: 8 })).toContain('FORBIDDEN');
    expect(check(short, PATH)).toContain('FORBIDDEN');
  });

  it('may come of any key and its own salt', () => {
    const config = { keys: [hex('aa'), hex('bb')], salts: [hex('cc'), hex('dd')] };
    expect(check(sign(PATH, 'aa', 'cc'), PATH, config)).toBe('no error');
    expect(check(sign(PATH, 'bb', 'dd'), PATH, config)).toBe('no error');
    expect(check(sign(PATH, 'aa', 'dd'), PATH, config)).toContain('FORBIDDEN');
  });

  it('passes unchecked where it is trusted', () => {
    const config = { trustedSignatures: ['letmein', 'metoo'] };
    expect(check('metoo', PATH, config)).toBe('no error');
    expect(check(SIGNATURE, PATH, config)).toBe('no error');
    expect(check('metoo2', PATH, config)).toContain('FORBIDDEN');
  });

  it('covers non-ASCII paths as UTF-8', () => {
    const path = '/plain/http://h/ä.jpg';
    expect(check(sign(path, '736563726574', '68656C6C6F'), path)).toBe('no error');
  });
});

describe('without keys', () => {
  const config = { keys: [], salts: [] };

  it.each(['unsafe', '_', 'ä', '='])('%j passes', (signature) => {
    expect(check(signature, PATH, config)).toBe('no error');
  });

  it('an option in the place of the signature is refused, and that is said', () => {
    expect(check('size:1', PATH, config)).toContain('FORBIDDEN: an option stands in the place');
  });
});

it('is made for the repaired path', () => {
  const parse = parserOf({ IMGPROXY_KEY: 'aa', IMGPROXY_SALT: 'bb' });
  const signature = sign('/size:0/plain/http://h/x.jpg', 'aa', 'bb');
  const { options, sourceUrl } = parse(`/info/${signature}/size%3A0/plain/http:/h/x.jpg?cdn=1`);
  expect(sourceUrl).toBe('http://h/x.jpg');
  expect(options.size).toBe(false);
});

it('is checked before anything else of the path', () => {
  const parse = parserOf({ IMGPROXY_KEY: 'aa', IMGPROXY_SALT: 'bb' });
  expect(errorOf(() => parse('/info/sig/nonsense:1/plain/x'))).toContain('FORBIDDEN');
});
