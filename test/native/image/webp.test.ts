import { expect, test } from 'vitest';
import { DEFAULTS, DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { chunk } from '../video/riff.ts';
import { bytes, exifOf, xmpOf } from './boxes.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

const le = (value: number, length: number) => {
  const out = Buffer.alloc(length);
  out.writeUIntLE(value, 0, length);
  return out;
};

const webp = (...chunks: Uint8Array[]) => chunk('RIFF', Buffer.from('WEBP'), ...chunks);

/** RFC 6386, 9.1: a key frame. The upper two bits of the dimensions are a scale. */
const vp8 = (width: number, height: number, pixels = 50) =>
  chunk(
    'VP8 ',
    bytes(0x10, 0, 0, 0x9d, 1, 0x2a, le(width | 0x4000, 2), le(height, 2), Buffer.alloc(pixels)),
  );

/** RFC 9649, 3.4. */
const vp8l = (width: number, height: number, alpha: boolean) => {
  const bits = width - 1 + (height - 1) * 2 ** 14 + (alpha ? 2 ** 28 : 0);
  return chunk('VP8L', bytes(0x2f, le(bits, 4), Buffer.alloc(50)));
};

const ANIMATION = 0x02;
const XMP_FLAG = 0x04;
const EXIF_FLAG = 0x08;
const ALPHA = 0x10;
const vp8x = (flags: number) => chunk('VP8X', bytes(flags, 0, 0, 0, le(39, 3), le(19, 3)));

/** RFC 9649, 2.7.1.1: a frame at 0, 0. */
const frame = (picture: Uint8Array, width = 40) =>
  chunk('ANMF', bytes(le(0, 6), le(width - 1, 3), le(19, 3), le(100, 3), 0, picture));
const animation = (...frames: Uint8Array[]) => [chunk('ANIM', Buffer.alloc(6)), ...frames];

const EXIF = chunk('EXIF', exifOf(6));
const XMP = chunk('XMP ', xmpOf(4));

const PICTURE = { format: 'webp', mimeType: 'image/webp', width: 40, height: 20 };

test.each([
  ['VP8', webp(vp8(40, 20)), 3],
  ['VP8L', webp(vp8l(40, 20, false)), 3],
  ['VP8L with alpha', webp(vp8l(40, 20, true)), 4],
  ['VP8X', webp(vp8x(0), vp8(40, 20)), 3],
  ['VP8X with alpha', webp(vp8x(ALPHA), chunk('ALPH', Buffer.alloc(9)), vp8(40, 20)), 4],
])('reads %s', (_, file, bands) => {
  expect(expectSameInAnyRounds(file)).toMatchObject({
    ...PICTURE,
    orientation: 1,
    colorspace: 'srgb',
    bands,
    sampleFormat: 'uchar',
    pagesNumber: 1,
  });
});

test('counts the frames of an animation', () => {
  const frames = Array.from({ length: 7 }, () => frame(vp8(40, 20)));
  const file = webp(vp8x(ANIMATION), ...animation(...frames));
  expect(expectSameInAnyRounds(file)).toMatchObject({ ...PICTURE, pagesNumber: 7, bands: 3 });
});

test('has alpha where a frame has it, or leaves part of the canvas open', () => {
  const bandsOf = (second: Uint8Array) =>
    probeWhole(webp(vp8x(ANIMATION), ...animation(frame(vp8(40, 20)), second)), EVERYTHING).bands;
  expect(bandsOf(frame(vp8(40, 20)))).toBe(3);
  expect(bandsOf(frame(vp8(30, 20), 30))).toBe(4);
  expect(bandsOf(frame(vp8l(40, 20, true)))).toBe(4);
  expect(bandsOf(frame(vp8l(40, 20, false)))).toBe(3);
  expect(bandsOf(frame(bytes(chunk('ALPH', Buffer.alloc(9)), vp8(40, 20))))).toBe(4);
});

test('reads EXIF and XMP behind the pixels in a second round', () => {
  const file = webp(vp8x(EXIF_FLAG | XMP_FLAG), vp8(40, 20, 300_000), EXIF, XMP);
  const { info, rounds, bytes: fetched } = probeInRounds(file, DEFAULTS);
  expect(info).toMatchObject({ width: 20, height: 40, orientation: 6 });
  expect(JSON.parse(info.xmp!)).toEqual({ xmp: { Rating: '4' } });
  expect(rounds).toBe(2);
  expect(fetched).toBeLessThan(65_536 + 5000);
});

test('reads EXIF behind the frames of an animation', () => {
  const frames = Array.from({ length: 30 }, () => frame(vp8(40, 20, 9000)));
  const file = webp(vp8x(ANIMATION | EXIF_FLAG), ...animation(...frames), EXIF);
  expect(expectSameInAnyRounds(file, DEFAULTS)).toMatchObject({ orientation: 6 });
});

test('looks for nothing that the flags do not tell of', () => {
  const file = webp(vp8x(0), vp8(40, 20, 300_000), EXIF, XMP);
  const { info, rounds } = probeInRounds(file, DEFAULTS);
  expect(info).toMatchObject({ ...PICTURE, orientation: 1, exif: '{}' });
  expect(info.xmp).toBeUndefined();
  expect(rounds).toBe(1);
});

test.each([
  ['no chunks', webp()],
  ['VP8 without its start code', webp(chunk('VP8 ', Buffer.alloc(40)))],
  ['VP8L without its signature', webp(chunk('VP8L', Buffer.alloc(40)))],
])('refuses %s', (_, file) => {
  expect(() => probeWhole(file, DIMENSIONS)).toThrow('webp');
});

test('survives damage', () => {
  const frames = animation(frame(vp8(40, 20)), frame(vp8l(40, 20, true)));
  expectBoundedUnderDamage(webp(vp8x(ANIMATION | EXIF_FLAG | XMP_FLAG), ...frames, EXIF, XMP));
});
