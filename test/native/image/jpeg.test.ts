import { expect, test } from 'vitest';
import { DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { be, bytes, exifOf, xmpOf } from './boxes.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

type Part = string | number | Uint8Array;

function segment(marker: number, ...contents: Part[]): Buffer {
  const body = bytes(...contents);
  return bytes(0xff, marker, be(body.length + 2, 2), body);
}

/** ITU-T T.81, B.2.2: 40 × 20. */
const frame = (marker: number, components = 3, precision = 8) =>
  segment(
    marker,
    precision,
    be(20, 2),
    be(40, 2),
    components,
    ...Array.from({ length: components }, (_, i) => bytes(i + 1, 0x11, 0)),
  );

const SCAN = bytes(segment(0xda, 1, 1, 0, 0, 63, 0), Buffer.alloc(30, 0x55), 0xff, 0xd9);
const jpeg = (...parts: Part[]) => bytes(0xff, 0xd8, ...parts, SCAN);

const EXIF = segment(0xe1, 'Exif\0\0', exifOf(6));
const XMP = segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', xmpOf(4));
const RATING = { xmp: { Rating: '4' } };

/** An image resource, padded to an even length. */
const resource = (id: number, data: Uint8Array) =>
  bytes('8BIM', be(id, 2), 0, 0, be(data.length, 4), data, data.length % 2 === 1 ? 0 : '');
const TITLE = bytes(0x1c, 2, 5, be(5, 2), 'Title');
const app13 = (...contents: Part[]) => segment(0xed, 'Photoshop 3.0\0', ...contents);

test.each([
  ['baseline', 0xc0, 3, 8, 'srgb', 'uchar'],
  ['extended sequential of 12 bits', 0xc1, 1, 12, 'grey16', 'ushort'],
  ['progressive', 0xc2, 3, 8, 'srgb', 'uchar'],
  ['lossless', 0xc3, 1, 8, 'b-w', 'uchar'],
  ['hierarchical', 0xc5, 3, 8, 'srgb', 'uchar'],
  ['arithmetic', 0xc9, 3, 8, 'srgb', 'uchar'],
  ['progressive arithmetic', 0xca, 4, 8, 'cmyk', 'uchar'],
  ['lossless arithmetic of 16 bits', 0xcb, 3, 16, 'rgb16', 'ushort'],
  ['JPEG-LS', 0xf7, 3, 8, 'srgb', 'uchar'],
])('reads a %s frame', (_, marker, components, precision, colorspace, sampleFormat) => {
  expect(expectSameInAnyRounds(jpeg(frame(marker, components, precision)))).toMatchObject({
    format: 'jpeg',
    mimeType: 'image/jpeg',
    width: 40,
    height: 20,
    orientation: 1,
    colorspace,
    bands: components,
    sampleFormat,
    pagesNumber: 1,
  });
});

test('takes tables and conditionings that lie among the frame headers for no frame', () => {
  const tables = [0xc4, 0xc8, 0xcc].map((marker) => segment(marker, Buffer.alloc(20, 9)));
  expect(probeWhole(jpeg(...tables, frame(0xc0)))).toMatchObject({ width: 40, height: 20 });
  expect(() => probeWhole(jpeg(...tables))).toThrow('no frame header');
});

test('passes over fill bytes, markers that stand alone, and what is no marker', () => {
  const fill = bytes(0xff, 0xff, 0xff);
  const file = jpeg(fill, EXIF, 0xff, 0x01, 0xff, 0xd0, 'junk', 0, fill, frame(0xc2));
  expect(expectSameInAnyRounds(file)).toMatchObject({ width: 20, height: 40, orientation: 6 });
});

test('reads the height that is told, never one that comes behind the scan', () => {
  const noHeight = segment(0xc0, 8, be(0, 2), be(40, 2), 1, 1, 0x11, 0);
  expect(() => probeWhole(jpeg(noHeight))).toThrow('without dimensions');
});

test('joins image resources that go on in the next APP13', () => {
  const all = bytes(resource(0x0421, Buffer.alloc(301)), resource(0x0404, TITLE));
  for (const cut of [1, 11, 200, 318, 330]) {
    const file = jpeg(app13(all.subarray(0, cut)), app13(all.subarray(cut)), frame(0xc0));
    expect(JSON.parse(probeWhole(file).iptc!), `cut at ${cut}`).toEqual({ Name: 'Title' });
  }
});

test('reads a bare IPTC stream in APP13', () => {
  expect(JSON.parse(probeWhole(jpeg(segment(0xed, TITLE), frame(0xc0))).iptc!)).toEqual({
    Name: 'Title',
  });
});

test('counts the first of several blocks of a kind', () => {
  const second = segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', xmpOf(1));
  const other = segment(0xe1, 'Exif\0\0', exifOf(3));
  const info = probeWhole(jpeg(XMP, EXIF, second, other, frame(0xc0)));
  expect(info.orientation).toBe(6);
  expect(JSON.parse(info.xmp!)).toEqual(RATING);
});

test('reads metadata that stand behind the frame header, before the scan', () => {
  const info = expectSameInAnyRounds(jpeg(frame(0xc0), EXIF, XMP));
  expect(info).toMatchObject({ width: 20, height: 40, orientation: 6 });
  expect(JSON.parse(info.xmp!)).toEqual(RATING);
});

test.each([
  ['EXIF of nothing', segment(0xe1, 'Exif\0\0')],
  ['EXIF without a byte order', segment(0xe1, 'Exif\0\0', Buffer.alloc(40, 7))],
  ['an empty APP1', segment(0xe1)],
  ['an empty APP13', segment(0xed)],
  ['a resource that claims gigabytes', app13('8BIM', be(0x0421, 2), 0, 0, be(0xfffffff0, 4))],
  ['a name without an end', app13('8BIM', be(0x0404, 2), 0xff, 'x')],
])('leaves %s out, and reads on', (_, damaged) => {
  const info = probeWhole(jpeg(damaged, XMP, frame(0xc0)), EVERYTHING);
  expect(info).toMatchObject({ width: 40, height: 20, orientation: 1, exif: '{}' });
  expect(JSON.parse(info.xmp!)).toEqual(RATING);
});

test('keeps what it knows where the file ends behind the frame header', () => {
  const whole = jpeg(EXIF, frame(0xc0), XMP);
  const cut = whole.subarray(0, EXIF.length + frame(0xc0).length + 20);
  expect(probeWhole(cut)).toMatchObject({ width: 20, height: 40, orientation: 6 });
});

test('steps over long segments that nobody asked for', () => {
  const profiles = Array.from({ length: 20 }, () => segment(0xe5, Buffer.alloc(65_000)));
  const { info, bytes: fetched } = probeInRounds(jpeg(...profiles, frame(0xc0)), DIMENSIONS);
  expect(info).toMatchObject({ width: 40, height: 20 });
  expect(fetched).toBeLessThan(900_000);
});

test('refuses segments without end or length', () => {
  expect(() => probeWhole(jpeg(bytes(0xff, 0xe1, 0, 1), frame(0xc0)))).toThrow('shorter');
  const empty = Array.from({ length: 5000 }, () => segment(0xe5));
  expect(() => probeWhole(jpeg(...empty, frame(0xc0)))).toThrow('too many segments');
  expect(() => probeWhole(jpeg(Buffer.alloc(70_000), frame(0xc0)))).toThrow('no marker');
});

test('survives damage', () => {
  expectBoundedUnderDamage(jpeg(EXIF, XMP, app13(resource(0x0404, TITLE)), frame(0xc2)));
});
