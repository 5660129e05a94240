import { expect, test } from 'vitest';
import { DIMENSIONS, EVERYTHING, probeWhole } from '../probing.ts';
import { bytes } from './boxes.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

interface Header {
  length?: number;
  width?: number;
  height?: number;
  bits?: number;
  compression?: number;
  masks?: number[];
}

/** BITMAPFILEHEADER and the bitmap's own header. */
function bmp(
  { length = 40, width = 40, height = 20, bits = 24, compression = 0, masks = [] }: Header,
  pixels: Uint8Array = Buffer.alloc(40 * 20 * 4),
): Buffer {
  const file = Buffer.alloc(14 + Math.max(length, 40 + masks.length * 4));
  file.write('BM');
  file.writeUInt32LE(file.length, 10);
  file.writeUInt32LE(length, 14);
  if (length === 12) {
    file.writeUInt16LE(width, 18);
    file.writeUInt16LE(height, 20);
    file.writeUInt16LE(1, 22);
    file.writeUInt16LE(bits, 24);
  } else {
    file.writeInt32LE(width, 18);
    file.writeInt32LE(height, 22);
    file.writeUInt16LE(1, 26);
    file.writeUInt16LE(bits, 28);
    file.writeUInt32LE(compression, 30);
  }
  for (const [i, mask] of masks.entries()) file.writeUInt32LE(mask, 54 + i * 4);
  return bytes(file, pixels);
}

const RGB = [0xff0000, 0xff00, 0xff];

test.each([
  ['OS/2 1.x', bmp({ length: 12 }), 'srgb', 3, 'uchar'],
  ['OS/2 2.x, cut off after the bit count', bmp({ length: 16 }), 'srgb', 3, 'uchar'],
  ['OS/2 2.x', bmp({ length: 64 }), 'srgb', 3, 'uchar'],
  ['BITMAPINFOHEADER', bmp({}), 'srgb', 3, 'uchar'],
  ['rows from the top down', bmp({ height: -20 }), 'srgb', 3, 'uchar'],
  ['a palette', bmp({ bits: 8, compression: 1 }), 'srgb', 3, 'uchar'],
  ['BITMAPV5HEADER', bmp({ length: 124, bits: 32 }), 'srgb', 3, 'uchar'],
  ['masks', bmp({ bits: 32, compression: 3, masks: RGB }), 'srgb', 3, 'uchar'],
  [
    'a mask of alpha',
    bmp({ length: 108, bits: 32, compression: 3, masks: [...RGB, 0xff000000] }),
    'srgb',
    4,
    'uchar',
  ],
  [
    'masks of 10 bits',
    bmp({ bits: 32, compression: 3, masks: [0x3ff00000, 0xffc00, 0x3ff] }),
    'rgb16',
    3,
    'ushort',
  ],
])('reads %s', (_, file, colorspace, bands, sampleFormat) => {
  expect(expectSameInAnyRounds(file)).toMatchObject({
    format: 'bmp',
    mimeType: 'image/bmp',
    width: 40,
    height: 20,
    orientation: 1,
    colorspace,
    bands,
    sampleFormat,
  });
});

test('has alpha in 32 bits where any fourth byte is not 0', () => {
  const clear = Buffer.alloc(40 * 20 * 4, Buffer.from([1, 2, 3, 0]));
  expect(probeWhole(bmp({ bits: 32 }, clear), EVERYTHING).bands).toBe(3);
  const seen = Buffer.from(clear);
  seen[403] = 1;
  expect(probeWhole(bmp({ bits: 32 }, seen), EVERYTHING).bands).toBe(4);
});

test('reads the first bitmap of an OS/2 array', () => {
  const array = Buffer.alloc(14);
  array.write('BA');
  const file = bytes(array, bmp({ length: 12 }));
  expect(expectSameInAnyRounds(file)).toMatchObject({ format: 'bmp', width: 40, height: 20 });
});

test.each([
  ['a negative width', bmp({ width: -40 }), 'negative width'],
  ['no height', bmp({ height: 0 }), 'no dimensions'],
  ['a header of no known length', bmp({ length: 13 }), 'not an image'],
  [
    'text that begins like one',
    Buffer.from('BMW cars are made in Bavaria, and elsewhere'),
    'not an',
  ],
])('refuses %s', (_, file, reason) => {
  expect(() => probeWhole(file, DIMENSIONS)).toThrow(reason);
});

test('survives damage', () => {
  const file = bmp({ length: 108, bits: 32, compression: 3, masks: [...RGB, 0xff000000] });
  expectBoundedUnderDamage(file, 150);
  expectBoundedUnderDamage(bmp({ bits: 32 }), 60);
});
