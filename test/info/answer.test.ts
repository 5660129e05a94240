import { expect, test } from 'vitest';
import { toJson } from '../../src/info/answer.ts';
import type { Info } from '../../src/native.ts';
import { DEFAULTS, DIMENSIONS, EVERYTHING } from '../native/probing.ts';
import { asking } from './asking.ts';

const image: Info = {
  format: 'jpeg',
  mimeType: 'image/jpeg',
  video: false,
  raw: false,
  width: 4,
  height: 3,
  orientation: 1,
  exif: '{"Model":"NIKON D810"}',
  iptc: '{"Name":"Spider-Man"}',
  photoshop: '{"resolution":{}}',
  xmp: '{"dc":{}}',
  colorspace: 'srgb',
  bands: 3,
  sampleFormat: 'uchar',
  pagesNumber: 1,
};
const video: Info = {
  ...image,
  format: 'mov,mp4,m4a,3gp,3g2,mj2',
  mimeType: 'video/mp4',
  video: true,
};
const facts = { info: image, size: 10, contentType: undefined, sourceUrl: 'http://a/b.jpg' };

const EVERYTHING_ASKED = asking(EVERYTHING, {
  format: true,
  size: true,
  alpha: true,
  calcHashsums: ['md5'],
  checkTransparency: true,
  crop: { width: 0.5, height: 0, gravity: { type: 'nowe' } },
  palette: 2,
  average: true,
  dominantColors: true,
  blurhashX: 4,
  blurhashY: 3,
  thumbHash: true,
  perceptualHash: true,
});
const pixels = {
  palette: '[]',
  average: '{}',
  dominantColors: '{}',
  blurhash: '"a"',
  thumbHash: '"b"',
  nets: [],
  perceptualHash: '"c"',
};

const mimeOf = (contentType: string | undefined, sourceUrl: string) =>
  JSON.parse(
    toJson(asking(DIMENSIONS, { format: true }), { info: video, size: 0, contentType, sourceUrl }),
  ).mime_type;

test('fields come in the order of the contract', () => {
  const body = toJson(EVERYTHING_ASKED, { ...facts, hashsums: '{}', pixels });
  expect(Object.keys(JSON.parse(body))).toEqual([
    'format',
    'mime_type',
    'width',
    'height',
    'orientation',
    'size',
    'exif',
    'iptc',
    'photoshop',
    'xmp',
    'colorspace',
    'bands',
    'sample_format',
    'pages_number',
    'alpha',
    'transparency',
    'crop',
    'palette',
    'average',
    'dominant_colors',
    'blurhash',
    'thumb_hash',
    'perceptual_hash',
    'hashsums',
  ]);
});

test('a field whose option is off is absent', () => {
  const body = toJson(asking({ ...DEFAULTS, dimensions: false }), facts);
  expect(Object.keys(JSON.parse(body))).toEqual(['exif', 'iptc', 'photoshop', 'xmp']);
});

test('an unknown size is 0', () => {
  const asked = asking({ ...DIMENSIONS, dimensions: false }, { size: true });
  expect(toJson(asked, { ...facts, size: undefined })).toBe('{"size":0}');
});

test('the type of a video is the origin’s word, then the extension, then the content', () => {
  expect(mimeOf('video/x-special', 'http://a/b.mov')).toBe('video/x-special');
  expect(mimeOf('application/octet-stream', 'http://a/b.mov?x=1')).toBe('video/quicktime');
  expect(mimeOf(undefined, 'http://a/b.jpg')).toBe('video/mp4');
  expect(mimeOf(undefined, 'http://a.mov/b')).toBe('video/mp4');
});

test('the type of an image is its content alone', () => {
  const asked = asking({ ...DIMENSIONS, dimensions: false }, { format: true });
  const body = toJson(asked, { ...facts, contentType: 'image/png', sourceUrl: 'http://a/b.gif' });
  expect(JSON.parse(body).mime_type).toBe('image/jpeg');
});

test.each([
  ['b-w', 1, false],
  ['b-w', 2, true],
  ['srgb', 3, false],
  ['srgb', 4, true],
  ['cmyk', 4, false],
  ['cmyk', 5, true],
])('an image of %s with %i bands: alpha is %s', (colorspace, bands, alpha) => {
  const asked = asking({ ...DIMENSIONS, dimensions: false }, { alpha: true });
  const body = toJson(asked, { ...facts, info: { ...image, colorspace, bands } });
  expect(JSON.parse(body)).toEqual({ alpha });
});

test('where the channels are not known alpha is absent', () => {
  const asked = asking({ ...DIMENSIONS, dimensions: false }, { alpha: true });
  expect(toJson(asked, { ...facts, info: { ...image, bands: undefined } })).toBe('{}');
});

test('a crop is told in fractions, with what was found where it was looked for', () => {
  const crop = { width: 2, height: 0, gravity: { type: 'ea' } };
  const asked = asking({ ...DIMENSIONS, dimensions: false }, { crop });
  expect(JSON.parse(toJson(asked, facts))).toEqual({
    crop: { left: 0.5, top: 0, width: 0.5, height: 1 },
  });
  const smart = { ...asked, crop: { ...crop, gravity: { type: 'sm' } } };
  expect(toJson(smart, facts)).toBe('{}');
  const found = { nets: [], smartCrop: '{"left":0.25,"top":0}' };
  expect(JSON.parse(toJson(smart, { ...facts, pixels: found }))).toEqual({
    crop: { left: 0.25, top: 0, width: 0.5, height: 1 },
  });
});
