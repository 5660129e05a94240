import { generateImageInfoUrl as corePath } from '@imgproxy/imgproxy-js-core';
import { generateImageInfoUrl } from '@imgproxy/imgproxy-node';
import { describe, expect, it } from 'vitest';

import { errorOf, parserOf } from './parser.ts';

const KEY = '1eb5b0e971ad7f45324c1bb15c947cb207c43152fa5c6c7f35c4f36e0c18e0f1';
const ENV = {
  IMGPROXY_KEY: '943b421c9eb07c830af81030552c86009268de4e532ba2ee2eab8247c6da0881',
  IMGPROXY_SALT: '520f986b998545b4785e0defbc4f3c1203f22de2374a3d53cb7a7fe9fea309c5',
  IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: KEY,
};
const SOURCE = 'https://example.com/images/curiosity.jpg';
const OPTIONS = {
  size: false,
  format: 1,
  dimensions: 't',
  exif: { exif: true, canonical_names: true },
  iptc: 'f',
  xmp: true,
  video_meta: false,
  pages_number: 1,
  palette: 0,
  page: 2,
  cache_tags: ['a', 'b'],
  cachebuster: 'x',
} as const;

function target(displayAs: 'plain' | 'base64' | 'encrypted', value = SOURCE): string {
  const url = generateImageInfoUrl({
    endpoint: 'https://peek.example',
    url: { value, displayAs },
    // The package's types know less than its code.
    options: OPTIONS as never,
    key: ENV.IMGPROXY_KEY,
    salt: ENV.IMGPROXY_SALT,
    encryptKey: KEY,
    encryptIV: '0123456789abcdef0123456789abcdef',
  });
  return url.slice('https://peek.example'.length);
}

describe('URLs of @imgproxy/imgproxy-node', () => {
  const parse = parserOf(ENV);

  it.each(['plain', 'base64', 'encrypted'] as const)('that are %s are read', (displayAs) => {
    const { options, sourceUrl } = parse(target(displayAs));
    expect(sourceUrl).toBe(SOURCE);
    expect(options).toMatchObject({
      size: false,
      format: true,
      dimensions: true,
      exif: true,
      exifCanonical: true,
      iptc: false,
      xmp: true,
      videoMeta: false,
      pagesNumber: true,
      page: 2,
      cacheTags: ['a', 'b'],
      cachebuster: 'x',
    });
  });

  it('survive a proxy that normalises them', () => {
    const normalised = target('plain')
      .replace('://', ':/')
      .replace(/:(?=[^/]*\/plain)/g, '%3A');
    expect(normalised).not.toBe(target('plain'));
    expect(parse(normalised).sourceUrl).toBe(SOURCE);
  });

  it('are refused where they were changed', () => {
    expect(errorOf(() => parse(target('base64').replace('/s:f/', '/s:t/')))).toContain('FORBIDDEN');
  });

  it('hold characters of other scripts', () => {
    expect(parse(target('base64', 'https://example.com/猫.jpg')).sourceUrl).toBe(
      'https://example.com/猫.jpg',
    );
  });

  it('are read without options and without a signature', () => {
    const url = generateImageInfoUrl({ endpoint: '', url: SOURCE });
    expect(parserOf()(url).sourceUrl).toBe(SOURCE);
  });
});

describe('paths of @imgproxy/imgproxy-js-core', () => {
  it('are read with a file name at their end', () => {
    const parse = parserOf({ IMGPROXY_BASE64_URL_INCLUDES_FILENAME: '1' });
    const value = Buffer.from(SOURCE).toString('base64url');
    const path = corePath({ value, type: 'base64', filename: 'puppy.jpg' }, { size: 0 } as never);
    expect(path).toContain('/puppy.jpg');
    expect(parse(`/info/_${path}`).sourceUrl).toBe(SOURCE);
  });

  it('are read where they are presets only', () => {
    const parse = parserOf({
      IMGPROXY_ONLY_PRESETS: '1',
      IMGPROXY_INFO_PRESETS: 'a=size:0,b=xmp:0',
    });
    const path = corePath(
      { value: SOURCE, type: 'plain' },
      { preset: ['a', 'b'] },
      { onlyPresets: true },
    );
    expect(parse(`/info/_${path}`).options).toMatchObject({ size: false, xmp: false });
  });
});
