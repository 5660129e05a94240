import { describe, expect, it } from 'vitest';

import type { Environment } from '../../src/config/env-file.ts';
import type { InfoOptions } from '../../src/url/options/table.ts';
import { errorOf, parserOf } from './parser.ts';

const SOURCE = 'plain/http://h/x.jpg';
const parse = parserOf();

function optionsOf(options: string, env?: Environment): InfoOptions {
  const parser = env ? parserOf(env) : parse;
  return parser(`/info/_/${options === '' ? '' : `${options}/`}${SOURCE}`).options;
}

function refusal(options: string, env?: Environment): string {
  return errorOf(() => optionsOf(options, env));
}

describe('defaults', () => {
  it('are the documented ones', () => {
    expect(optionsOf('')).toMatchObject({
      size: true,
      format: true,
      dimensions: true,
      exif: true,
      exifCanonical: false,
      iptc: true,
      xmp: true,
      videoMeta: true,
      colorspace: false,
      bands: false,
      sampleFormat: false,
      pagesNumber: false,
      page: 0,
      cachebuster: '',
      bypassCache: false,
      cacheTags: [],
      expires: 0,
      maxSrcFileSize: 0,
      maxSrcResolution: 50_000_000,
    });
  });

  it('follow the configuration', () => {
    const env = {
      IMGPROXY_MAX_SRC_FILE_SIZE: '9',
      IMGPROXY_MAX_SRC_RESOLUTION: '1',
      IMGPROXY_VIDEO_THUMBNAIL_SECOND: '2.5',
      IMGPROXY_VIDEO_THUMBNAIL_KEYFRAMES: '1',
    };
    expect(optionsOf('', env)).toMatchObject({
      maxSrcFileSize: 9,
      maxSrcResolution: 1_000_000,
      videoThumbnailSecond: 2.5,
      videoThumbnailKeyframes: true,
    });
  });

  it('are frozen', () => {
    expect(Object.isFrozen(optionsOf('size:0'))).toBe(true);
  });
});

describe('a switch', () => {
  it.each([
    ['size', 's', 'size'],
    ['format', 'f', 'format'],
    ['dimensions', 'd', 'dimensions'],
    ['exif', 'exif', 'exif'],
    ['iptc', 'iptc', 'iptc'],
    ['xmp', 'xmp', 'xmp'],
    ['video_meta', 'vm', 'videoMeta'],
    ['colorspace', 'cs', 'colorspace'],
    ['bands', 'b', 'bands'],
    ['sample_format', 'sf', 'sampleFormat'],
    ['pages_number', 'pn', 'pagesNumber'],
    ['video_thumbnail_keyframes', 'vtk', 'videoThumbnailKeyframes'],
  ] as const)('%s or %s is turned on and off', (long, short, key) => {
    for (const name of [long, short]) {
      for (const on of ['1', 't', 'true']) expect(optionsOf(`${name}:${on}`)[key]).toBe(true);
      for (const off of ['0', 'f', 'false', ''])
        expect(optionsOf(`${name}:${off}`)[key]).toBe(false);
      for (const wrong of ['2', 'T', 'TRUE', 'yes', ' 1']) {
        expect(refusal(`${name}:${wrong}`)).toContain(`INVALID_URL: option ${long} must be 1`);
      }
      expect(refusal(`${name}:1:1:1`)).toContain('INVALID_URL');
    }
  });

  it('exif takes canonical names as its second argument', () => {
    expect(optionsOf('exif:1:1')).toMatchObject({ exif: true, exifCanonical: true });
    expect(optionsOf('exif:1:')).toMatchObject({ exif: true, exifCanonical: false });
    expect(refusal('exif:1:x')).toContain('option exif');
  });
});

describe('options', () => {
  it('are counted by the later one where they come twice', () => {
    expect(optionsOf('s:0/size:1/s:0').size).toBe(false);
    expect(optionsOf('exif:1:1/exif:1').exifCanonical).toBe(false);
    expect(optionsOf('palette:5/palette:0').palette).toBe(0);
  });

  it('are refused where they are unknown, and the log names them', () => {
    expect(refusal('resize:fill')).toBe('INVALID_URL: option "resize" is not known');
    expect(refusal(':1')).toContain('option "" is not known');
    expect(refusal('__proto__:1')).toContain('is not known');
    expect(refusal('Size:1')).toContain('is not known');
  });

  it('end where a part has no separator', () => {
    expect(refusal('size:1/size')).toContain('INVALID_URL: the source URL is not');
    expect(refusal('size:1/')).toContain('INVALID_URL');
  });

  it('may be divided by something else', () => {
    const env = { IMGPROXY_ARGUMENTS_SEPARATOR: ',' };
    expect(optionsOf('exif,1,1/size,0', env)).toMatchObject({ exifCanonical: true, size: false });
    expect(refusal('size:0', env)).toContain('INVALID_URL');
    expect(optionsOf('exif~~1~~1', { IMGPROXY_ARGUMENTS_SEPARATOR: '~~' }).exifCanonical).toBe(
      true,
    );
  });

  it('are limited to those that are allowed, long and short names apart', () => {
    const env = { IMGPROXY_ALLOWED_INFO_OPTIONS: 'size, f' };
    expect(optionsOf('size:0/f:0', env)).toMatchObject({ size: false, format: false });
    expect(refusal('s:0', env)).toContain('option "s" is not in IMGPROXY_ALLOWED_INFO_OPTIONS');
    expect(refusal('format:0', env)).toContain('INVALID_URL');
  });
});

describe('steering', () => {
  it.each([
    ['page:3', { page: 3 }],
    ['pg:0', { page: 0 }],
    ['vts:1.5', { videoThumbnailSecond: 1.5 }],
    ['cachebuster:abc', { cachebuster: 'abc' }],
    ['cb:', { cachebuster: '' }],
    ['cache_tags:a:b::c', { cacheTags: ['a', 'b', 'c'] }],
    ['expires:0', { expires: 0 }],
    ['exp:-5', { expires: 0 }],
    ['exp:99999999999', { expires: 99_999_999_999 }],
  ])('%s gives %j', (options, values) => {
    expect(optionsOf(options)).toMatchObject(values);
  });

  it.each([
    'page:-1',
    'page:1.5',
    'page:',
    'page:x',
    'vts:-1',
    'vts:',
    'cb:a:b',
    'exp:',
    'exp:soon',
    'exp:1:2',
  ])('%s is refused', (options) => {
    expect(refusal(options)).toContain('INVALID_URL: option ');
  });

  it('expires with its second', () => {
    let now = 1_000_999;
    const timed = parserOf({}, { now: () => now });
    expect(timed(`/info/_/exp:1000/${SOURCE}`).options.expires).toBe(1000);
    now = 1_001_000;
    expect(errorOf(() => timed(`/info/_/exp:1000/${SOURCE}`))).toContain('EXPIRED_URL');
    expect(timed(`/info/_/exp:1000/exp:2000/${SOURCE}`).options.expires).toBe(2000);
  });

  it('bypasses the cache only where that is allowed', () => {
    expect(refusal('bc:1')).toContain('INVALID_URL: option bypass_cache is not allowed');
    expect(refusal('bypass_cache:0')).toContain('INVALID_URL');
    expect(optionsOf('bc:1', { IMGPROXY_ALLOW_BYPASS_CACHE: '1' }).bypassCache).toBe(true);
  });

  it('moves limits only where that is allowed', () => {
    const env = { IMGPROXY_ALLOW_SECURITY_OPTIONS: '1' };
    expect(refusal('msr:1')).toContain('INVALID_URL: option max_src_resolution is not allowed');
    expect(refusal('msfs:1')).toContain('INVALID_URL');
    expect(optionsOf('msr:1.5/msfs:1000', env)).toMatchObject({
      maxSrcResolution: 1_500_000,
      maxSrcFileSize: 1000,
    });
    expect(refusal('msr:-1', env)).toContain('option max_src_resolution');
    expect(refusal('msfs:1.5', env)).toContain('option max_src_file_size');
  });
});

describe('options beyond headers', () => {
  const SUM = '0'.repeat(32);

  it.each([
    'a:0',
    'alpha:f:1',
    'c:0:0',
    'crop:0:0:ce:1:2',
    'crop:0',
    'c:0:0:fp:0.5:1',
    'c:9:9:fp::0.5',
    'c:0:0:obj:face:cat',
    'c:0:0:objw:face:2:cat:0.5',
    'c:0:0:sm',
    'op:prop',
    'obj_pos:no:1',
    'objects_position:fp:0:1',
    'p:0',
    'avg:0:1',
    'dc::1',
    'bh:0:0',
    'bh:4',
    'bh:0:9',
    'th:0',
    'phash:f',
    'ph:0',
    'do:0',
    'cl:0:cat',
    'chs:',
    'hs:none',
    'hs:none:anything',
  ])('%s passes, for it asks for nothing', (options) => {
    expect(optionsOf(options).size).toBe(true);
  });

  it.each([
    'a:x',
    'a:1:1:1',
    'crop:-1:1',
    'crop:x',
    'crop:1:1:up',
    'crop:1:1:fp:0.5',
    'crop:1:1:fp:2:0',
    'crop:1:1:ce:1:2:3',
    'crop:1:1:sm:1',
    'crop:1:1:objw:face',
    'op:sm',
    'op:prop:1',
    'op:fp:1',
    'p:1',
    'p:257',
    'p:-1',
    'p:1e1',
    'p:3:3',
    'bh:10:1',
    'bh:1:1:1',
    'bh::',
    'th:yes',
    'cl:-1',
    'cl:',
    'chs:crc32',
    'hs:md5',
    'hs:md5:xyz',
    `hs:sha1:${SUM}`,
    `hs:md5:${SUM}:x`,
    `hs:MD5:${SUM}`,
  ])('%s is refused for its arguments', (options) => {
    expect(refusal(options)).toContain('INVALID_URL: option ');
  });
});
