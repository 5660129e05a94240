import { expect, test } from 'vitest';
import { DEFAULTS, DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { be, bytes, exifOf, xmpOf } from './boxes.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

interface Fields {
  large?: boolean;
  depth?: number;
  mode?: number;
  resources?: Uint8Array[];
  /** The layers' count: negative where the merged image has transparency. */
  layers?: number;
}

/** Photoshop File Formats Specification: header, colour mode data, resources, layers. */
function psd({ large = false, depth = 8, mode = 3, resources = [], layers }: Fields): Buffer {
  const all = bytes(...resources);
  const length = large ? 8 : 4;
  const count = Buffer.alloc(2);
  count.writeInt16BE(layers ?? 0);
  const info = layers === undefined ? be(0, length) : bytes(be(2, length), count);
  return bytes(
    ...['8BPS', be(large ? 2 : 1, 2), Buffer.alloc(6), be(3, 2)],
    ...[be(20, 4), be(40, 4), be(depth, 2), be(mode, 2)],
    ...[be(6, 4), Buffer.alloc(6)],
    ...[be(all.length, 4), all],
    ...[be(info.length, length), info],
    Buffer.alloc(100),
  );
}

const resource = (id: number, data: Uint8Array, name = '') =>
  bytes(
    ...['8BIM', be(id, 2), name.length, name, name.length % 2 === 0 ? 0 : ''],
    ...[be(data.length, 4), data, data.length % 2 === 1 ? 0 : ''],
  );

const RESOLUTION = resource(
  0x03ed,
  bytes(be(300 << 16, 4), be(1, 2), be(1, 2), be(150 << 16, 4), be(1, 2), be(1, 2)),
);
const IPTC = resource(0x0404, bytes(0x1c, 2, 5, be(5, 2), 'Title'), 'odd');
const EXIF = resource(0x0422, exifOf(6), 'even');
const XMP = resource(0x0424, xmpOf(4));
const THUMBNAIL = resource(0x040c, Buffer.alloc(200_001));

test.each([
  ['RGB', {}, 'srgb', 3, 'uchar'],
  ['RGB of 16 bits', { depth: 16 }, 'rgb16', 3, 'ushort'],
  ['greyscale', { mode: 1 }, 'b-w', 1, 'uchar'],
  ['greyscale of 16 bits', { mode: 1, depth: 16 }, 'grey16', 1, 'ushort'],
  ['a bitmap', { mode: 0, depth: 1 }, 'b-w', 1, 'uchar'],
  ['CMYK', { mode: 4 }, 'cmyk', 4, 'uchar'],
  ['Lab', { mode: 9 }, 'lab', 3, 'uchar'],
  ['layers', { layers: 2 }, 'srgb', 3, 'uchar'],
  ['layers with transparency', { layers: -2 }, 'srgb', 4, 'uchar'],
])('reads %s', (_, fields, colorspace, bands, sampleFormat) => {
  for (const large of [false, true]) {
    expect(expectSameInAnyRounds(psd({ ...fields, large }))).toMatchObject({
      format: large ? 'psb' : 'psd',
      mimeType: 'image/vnd.adobe.photoshop',
      width: 40,
      height: 20,
      colorspace,
      bands,
      sampleFormat,
    });
  }
});

test.each([[false], [true]])('reads all blocks among the resources (PSB: %s)', (large) => {
  const info = expectSameInAnyRounds(psd({ large, resources: [RESOLUTION, IPTC, EXIF, XMP] }));
  expect(info).toMatchObject({ width: 20, height: 40, orientation: 6 });
  expect(JSON.parse(info.iptc!)).toEqual({ Name: 'Title' });
  expect(JSON.parse(info.xmp!)).toEqual({ xmp: { Rating: '4' } });
  expect(JSON.parse(info.photoshop!).resolution).toMatchObject({
    XResolution: 300,
    XResolutionUnit: 'inches',
    YResolution: 150,
  });
});

test('steps over a thumbnail', () => {
  const file = psd({ resources: [THUMBNAIL, EXIF, XMP] });
  const { info, bytes: fetched } = probeInRounds(file, DEFAULTS);
  expect(info.orientation).toBe(6);
  expect(JSON.parse(info.xmp!)).toEqual({ xmp: { Rating: '4' } });
  expect(fetched).toBeLessThan(100_000);
});

test('keeps what it knows where a resource claims more than there is', () => {
  const damaged = bytes('8BIM', be(0x0425, 2), 0, 0, be(0x7fffffff, 4));
  const info = probeWhole(psd({ resources: [XMP, damaged] }), EVERYTHING);
  expect(info).toMatchObject({ width: 40, height: 20 });
  expect(JSON.parse(info.xmp!)).toEqual({ xmp: { Rating: '4' } });
});

test('refuses no dimensions, and another version', () => {
  const flat = psd({});
  flat.writeUInt32BE(0, 14);
  expect(() => probeWhole(flat, DIMENSIONS)).toThrow('no dimensions');
  const third = psd({});
  third.writeUInt16BE(3, 4);
  expect(() => probeWhole(third, DIMENSIONS)).toThrow('not an image');
});

test('survives damage', () => {
  expectBoundedUnderDamage(psd({ resources: [RESOLUTION, IPTC, EXIF, XMP], layers: -1 }));
  expectBoundedUnderDamage(psd({ large: true, resources: [IPTC], layers: 1 }));
});
