import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

/** SGI of 5 × 3 pixels. */
function sgi(dimension: number, channels: number, bytesPerChannel = 1): Buffer {
  const file = Buffer.alloc(600);
  file.writeUInt16BE(0x01da, 0);
  file[3] = bytesPerChannel;
  for (const [i, value] of [dimension, 5, 3, channels].entries())
    file.writeUInt16BE(value, 4 + i * 2);
  return file;
}

test.each([
  [sgi(3, 3), 3, 'srgb', 3, 'uchar'],
  [sgi(3, 4, 2), 3, 'rgb16', 4, 'ushort'],
  [sgi(2, 0), 3, 'b-w', 1, 'uchar'],
  [sgi(1, 0), 1, 'b-w', 1, 'uchar'],
])('reads SGI %#', (file, height, colorspace, bands, sampleFormat) => {
  expect(expectSameInAnyRounds(file)).toMatchObject({
    format: 'sgi',
    width: 5,
    height,
    colorspace,
    bands,
    sampleFormat,
  });
});

test('takes two bytes of magic for no SGI where the header makes no sense', () => {
  expect(() => probeWhole(sgi(9, 3))).toThrow();
});

/** libvips' header of 5 × 3 pixels. */
function vips(big: boolean, format: number, interpretation: number): Buffer {
  const file = Buffer.alloc(200);
  const fields = [0x08f2a6b6, 5, 3, 3, 0, format, 0, interpretation];
  for (const [i, value] of fields.entries()) {
    if (big) file.writeUInt32BE(value, i * 4);
    else file.writeUInt32LE(value, i * 4);
  }
  return file;
}

test.each([
  [vips(false, 0, 22), 'srgb', 'uchar'],
  [vips(true, 0, 22), 'srgb', 'uchar'],
  [vips(true, 2, 25), 'rgb16', 'ushort'],
  [vips(false, 6, 13), 'lab', 'float'],
])("reads libvips' own format %#", (file, colorspace, sampleFormat) => {
  expect(expectSameInAnyRounds(file)).toMatchObject({
    format: 'vips',
    width: 5,
    height: 3,
    colorspace,
    bands: 3,
    sampleFormat,
  });
});

function icns(...elements: [type: string, length: number][]): Buffer {
  const parts = elements.map(([type, length]) => {
    const part = Buffer.alloc(8 + length);
    part.write(type, 'latin1');
    part.writeUInt32BE(part.length, 4);
    return part;
  });
  const header = Buffer.alloc(8);
  header.write('icns');
  header.writeUInt32BE(8 + Buffer.concat(parts).length, 4);
  return Buffer.concat([header, ...parts]);
}

test('reads the first icon of an ICNS, after what is no icon', () => {
  const file = icns(['TOC ', 16], ['icnV', 4], ['ic07', 900], ['s8mk', 256], ['ic08', 10]);
  expect(expectSameInAnyRounds(file)).toMatchObject({
    format: 'icns',
    mimeType: 'image/icns',
    width: 128,
    height: 128,
    bands: 4,
    pagesNumber: 1,
  });
});

test('refuses an ICNS without an icon', () => {
  expect(() => probeWhole(icns(['TOC ', 8]))).toThrow('no icon');
  const endless = icns(['TOC ', 8]);
  endless.writeUInt32BE(0, 12);
  expect(() => probeWhole(endless)).toThrow('no icon');
});

test('survives damage', () => {
  expectBoundedUnderDamage(sgi(3, 3));
  expectBoundedUnderDamage(vips(true, 0, 22));
  expectBoundedUnderDamage(icns(['TOC ', 16], ['ic07', 900]));
});

const corpus = '../shared/corpus';

describe.skipIf(!existsSync(corpus))('in the corpus', () => {
  test.each([
    ['pnm/image-size__sample-ascii.pbm', 'pbm', 123, 456],
    ['pnm/image-size__sample.pam', 'pam', 123, 456],
    ['pnm/image-size__sample.pbm', 'pbm', 123, 456],
    ['pnm/image-size__sample.ppm', 'ppm', 123, 456],
    ['hdr/libvips__sample.hdr', 'hdr', 141, 980],
    ['exr/libvips__sample.exr', 'exr', 610, 406],
    ['qoi/synth__rgb.qoi', 'qoi', 160, 120],
    ['dds/image-size__sample.dds', 'dds', 123, 456],
    ['ktx/image-size__sample.ktx', 'ktx', 123, 456],
    ['ktx/image-size__sample.ktx2', 'ktx2', 123, 456],
    ['dicom/libvips__dicom_test_image.dcm', 'dicom', 128, 128],
    ['sgi/libvips__silicongraphics.sgi', 'sgi', 433, 433],
    ['vips/sharp__vfile.v', 'vips', 70, 60],
    ['tga/libvips__targa.tga', 'tga', 433, 433],
    ['icns/image-size__sample.icns', 'icns', 16, 16],
  ])('reads %s', (path, format, width, height) => {
    const file = readFileSync(`${corpus}/${path}`);
    expect(expectSameInAnyRounds(file)).toMatchObject({ format, width, height });
  });
});
