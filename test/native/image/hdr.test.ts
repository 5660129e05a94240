import { expect, test } from 'vitest';
import { probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

const picture = (resolution: string, format = '32-bit_rle_rgbe') =>
  Buffer.concat([
    Buffer.from(`#?RADIANCE\nFORMAT=${format}\nEXPOSURE=1.0\n\n${resolution}\n`),
    Buffer.alloc(40, 2),
  ]);

test.each([
  '-Y 3 +X 5',
  '-Y 3 -X 5',
  '+Y 3 +X 5',
  '+Y 3 -X 5',
])('reads rows of %j', (resolution) => {
  expect(expectSameInAnyRounds(picture(resolution))).toMatchObject({
    format: 'hdr',
    mimeType: 'image/vnd.radiance',
    width: 5,
    height: 3,
    colorspace: 'scrgb',
    bands: 4,
    sampleFormat: 'uchar',
  });
});

test.each([
  '+X 5 -Y 3',
  '-X 5 -Y 3',
  '+X 5 +Y 3',
  '-X 5 +Y 3',
])('reads columns of %j', (resolution) => {
  expect(probeWhole(picture(resolution))).toMatchObject({ width: 5, height: 3 });
});

test('reads numbers that are padded with spaces', () => {
  expect(probeWhole(picture('-Y     3 +X    5'))).toMatchObject({ width: 5, height: 3 });
});

test('knows XYZE', () => {
  const info = expectSameInAnyRounds(picture('-Y 3 +X 5', '32-bit_rle_xyze'));
  expect(info.colorspace).toBe('xyz');
});

test.each(['-Y 3', '-Y 3 +Y 5', '-Y x +X 5', '3 5'])('refuses %j', (resolution) => {
  expect(() => probeWhole(picture(resolution))).toThrow('resolution string');
});

test('survives damage', () => {
  expectBoundedUnderDamage(picture('-Y 3 +X 5'));
});
