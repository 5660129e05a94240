import { expect, test } from 'vitest';
import { probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

/** DDS_HEADER of 5 × 3 pixels. */
function dds({ flags = 0x4, fourCc = '\0\0\0\0', dxgi = 0 }): Buffer {
  const file = Buffer.alloc(148 + 64);
  file.write('DDS ', 0, 'latin1');
  file.writeUInt32LE(124, 4);
  file.writeUInt32LE(3, 12);
  file.writeUInt32LE(5, 16);
  file.writeUInt32LE(32, 76);
  file.writeUInt32LE(flags, 80);
  file.write(fourCc, 84, 'latin1');
  file.writeUInt32LE(dxgi, 128);
  return file;
}

test.each([
  [{ fourCc: 'DXT1' }, 'srgb', 3, 'uchar'],
  [{ fourCc: 'DXT1', flags: 0x5 }, 'srgb', 4, 'uchar'],
  [{ fourCc: 'DXT5' }, 'srgb', 4, 'uchar'],
  [{ fourCc: 'ATI1' }, 'b-w', 1, 'uchar'],
  [{ flags: 0x40 }, 'srgb', 3, 'uchar'],
  [{ flags: 0x41 }, 'srgb', 4, 'uchar'],
  [{ flags: 0x20000 }, 'b-w', 1, 'uchar'],
  [{ fourCc: 'DX10', dxgi: 2 }, 'srgb', 4, 'float'],
  [{ fourCc: 'DX10', dxgi: 11 }, 'rgb16', 4, 'ushort'],
  [{ fourCc: 'DX10', dxgi: 83 }, 'b-w', 2, 'uchar'],
  [{ fourCc: 'DX10', dxgi: 98 }, 'srgb', 4, 'uchar'],
])('reads DDS with %j', (header, colorspace, bands, sampleFormat) => {
  expect(expectSameInAnyRounds(dds(header))).toMatchObject({
    format: 'dds',
    width: 5,
    height: 3,
    colorspace,
    bands,
    sampleFormat,
  });
});

/** KTX 1 of 5 × 3 pixels. */
function ktx1({ big = false, height = 3, type = 0x1401, base = 0x1908 }): Buffer {
  const file = Buffer.alloc(128);
  file.write('\xabKTX 11\xbb\r\n\x1a\n', 0, 'latin1');
  const fields = [0x04030201, type, 1, base, 0x8058, base, 5, height, 0, 0, 1, 1, 0];
  for (const [i, value] of fields.entries()) {
    if (big) file.writeUInt32BE(value, 12 + i * 4);
    else file.writeUInt32LE(value, 12 + i * 4);
  }
  return file;
}

test.each([
  [{}, 3, 'srgb', 4, 'uchar'],
  [{ big: true }, 3, 'srgb', 4, 'uchar'],
  [{ base: 0x1907, type: 0 }, 3, 'srgb', 3, 'uchar'],
  [{ base: 0x1909, type: 0x1403 }, 3, 'grey16', 1, 'ushort'],
  [{ height: 0, type: 0x1406 }, 1, 'srgb', 4, 'float'],
])('reads KTX with %j', (header, height, colorspace, bands, sampleFormat) => {
  expect(expectSameInAnyRounds(ktx1(header))).toMatchObject({
    format: 'ktx',
    mimeType: 'image/ktx',
    width: 5,
    height,
    colorspace,
    bands,
    sampleFormat,
  });
});

/** KTX 2 of 5 × 3 pixels, its descriptor far behind the header. */
function ktx2(model: number, channels: number[], bits = 8): Buffer {
  const file = Buffer.alloc(3000);
  file.write('\xabKTX 20\xbb\r\n\x1a\n', 0, 'latin1');
  file.writeUInt32LE(5, 20);
  file.writeUInt32LE(3, 24);
  const descriptor = 2000;
  const length = 28 + channels.length * 16;
  file.writeUInt32LE(descriptor, 48);
  file.writeUInt32LE(length, 52);
  file.writeUInt32LE(length, descriptor);
  file[descriptor + 12] = model;
  for (const [i, channel] of channels.entries()) {
    file[descriptor + 28 + i * 16 + 2] = bits - 1;
    file[descriptor + 28 + i * 16 + 3] = channel;
  }
  return file;
}

test.each([
  ['RGBA', ktx2(1, [0, 1, 2, 15]), 'srgb', 4, 'uchar'],
  ['RGB of 16 bits', ktx2(1, [0, 1, 2], 16), 'rgb16', 3, 'ushort'],
  ['a float channel', ktx2(1, [0xc0], 32), 'b-w', 1, 'float'],
  ['ETC1S', ktx2(163, [0]), 'srgb', 3, 'uchar'],
  ['ETC1S with alpha', ktx2(163, [0, 15]), 'srgb', 4, 'uchar'],
  ['UASTC without alpha', ktx2(166, [0]), 'srgb', 3, 'uchar'],
  ['BC5', ktx2(132, [0, 1]), 'b-w', 2, 'uchar'],
  ['ETC2 with alpha', ktx2(161, [15, 2]), 'srgb', 4, 'uchar'],
])('reads KTX 2 with %s', (_, file, colorspace, bands, sampleFormat) => {
  expect(expectSameInAnyRounds(file)).toMatchObject({
    format: 'ktx2',
    mimeType: 'image/ktx2',
    width: 5,
    height: 3,
    colorspace,
    bands,
    sampleFormat,
  });
});

test('reads QOI', () => {
  const file = Buffer.from('716f6966000000050000000304000000', 'hex');
  expect(expectSameInAnyRounds(file)).toMatchObject({
    format: 'qoi',
    mimeType: 'image/qoi',
    width: 5,
    height: 3,
    colorspace: 'srgb',
    bands: 4,
    sampleFormat: 'uchar',
  });
});

test('refuses a texture without a width', () => {
  const file = ktx1({});
  file.writeUInt32LE(0, 36);
  expect(() => probeWhole(file)).toThrow('no dimensions');
});

test('survives damage', () => {
  expectBoundedUnderDamage(dds({ fourCc: 'DX10', dxgi: 2 }));
  expectBoundedUnderDamage(ktx1({}));
  expectBoundedUnderDamage(ktx2(1, [0, 1, 2, 15]));
});
