import { describe, expect, it } from 'vitest';

import { ConfigError } from '../../src/config/errors.ts';
import { errorOf, parserOf } from './parser.ts';

const SOURCE = 'plain/http://h/x.jpg';

function mistakesOf(presets: string): readonly string[] {
  try {
    parserOf({ IMGPROXY_INFO_PRESETS: presets });
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('presets', () => {
  const env = { IMGPROXY_INFO_PRESETS: 'small=exif:0/iptc:0,both=pr:small/xmp:0,canon=exif:1:1' };
  const parse = parserOf(env);
  const optionsOf = (options: string) => parse(`/info/_/${options}/${SOURCE}`).options;

  it('stand for their options, in their place', () => {
    expect(optionsOf('pr:small')).toMatchObject({ exif: false, iptc: false, xmp: true });
    expect(optionsOf('preset:both')).toMatchObject({ exif: false, iptc: false, xmp: false });
    expect(optionsOf('pr:small:canon')).toMatchObject({
      exif: true,
      exifCanonical: true,
      iptc: false,
    });
    expect(optionsOf('exif:1/pr:small').exif).toBe(false);
    expect(optionsOf('pr:small/exif:1').exif).toBe(true);
  });

  it('are refused where they are unknown', () => {
    expect(errorOf(() => optionsOf('pr:large'))).toContain(
      'INVALID_URL: option preset names "large"',
    );
    expect(errorOf(() => optionsOf('pr:'))).toContain('INVALID_URL');
  });

  it('may use what URLs may not', () => {
    const limited = parserOf({ ...env, IMGPROXY_ALLOWED_INFO_OPTIONS: 'pr' });
    expect(limited(`/info/_/pr:small/${SOURCE}`).options.exif).toBe(false);
    expect(errorOf(() => limited(`/info/_/exif:0/${SOURCE}`))).toContain('INVALID_URL');
  });

  it('named default come first, for each request', () => {
    const parser = parserOf({ IMGPROXY_INFO_PRESETS: 'default=xmp:0/iptc:0' });
    expect(parser(`/info/_/${SOURCE}`).options).toMatchObject({ xmp: false, iptc: false });
    expect(parser(`/info/_/xmp:1/${SOURCE}`).options).toMatchObject({ xmp: true, iptc: false });
  });
});

describe('mistakes in presets', () => {
  it('are all reported at the start', () => {
    expect(mistakesOf('a=nope:1,b,c=size:9,=size:1,d=')).toHaveLength(5);
  });

  it.each([
    ['itself', 'a=pr:a'],
    ['itself by way of another', 'a=pr:b,b=pr:a'],
    ['one that is unknown', 'a=pr:z'],
    ['a limit that may not be moved', 'a=msr:1'],
    ['a part that is no option', 'a=size:1/size'],
  ])('are the use of %s', (_, presets) => {
    expect(mistakesOf(presets).length).toBeGreaterThan(0);
    expect(mistakesOf(presets)[0]).toContain('IMGPROXY_INFO_PRESETS: the preset "a"');
  });
});

describe('with presets only', () => {
  const env = {
    IMGPROXY_ONLY_PRESETS: 'true',
    IMGPROXY_INFO_PRESETS: 'default=iptc:0,small=exif:0,canon=exif:1:1',
  };

  it('the options part is a list of them', () => {
    const parse = parserOf(env);
    expect(parse(`/info/_/small/${SOURCE}`).options).toMatchObject({ exif: false, iptc: false });
    expect(parse(`/info/_/small:canon/${SOURCE}`).options).toMatchObject({
      exif: true,
      exifCanonical: true,
    });
    expect(parse('/info/_/small/aHR0cDovL2gv').sourceUrl).toBe('http://h/');
    expect(errorOf(() => parse(`/info/_/size:1/${SOURCE}`))).toContain(
      'INVALID_URL: there is no preset',
    );
    expect(errorOf(() => parse(`/info/_/${SOURCE}`))).toContain('INVALID_URL');
  });

  it('INFO_ONLY_PRESETS counts before ONLY_PRESETS', () => {
    const parse = parserOf({ ...env, IMGPROXY_INFO_ONLY_PRESETS: '0' });
    expect(parse(`/info/_/size:0/${SOURCE}`).options.size).toBe(false);
  });
});
