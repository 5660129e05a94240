import { describe, expect, test } from 'vitest';
import { DEFAULTS, DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';
import { buildTiff, long, pointer, rational, short, text } from './tiff_files.ts';

const u16 = (...values: number[]) =>
  Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));

const segment = (marker: number, ...parts: Uint8Array[]) => {
  const payload = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0xff, marker]), u16(payload.length + 2), payload]);
};

const XMP = Buffer.from(
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF' +
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""' +
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/></rdf:RDF></x:xmpmeta>',
);

/** The preview that a camera makes: EXIF, XMP, a frame of that size, and no picture. */
function preview(maker: string, width: number, height: number, orientation = 6): Buffer {
  const exif = buildTiff([
    [text(271, maker), short(274, orientation), pointer(34665, [rational(33434, 1, 60)])],
  ]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe1, Buffer.from('Exif\0\0'), exif),
    segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0'), XMP),
    segment(0xc0, Buffer.from([8]), u16(height, width), Buffer.from([1, 1, 0x11, 0])),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.alloc(3000, 0x55),
    Buffer.from([0xff, 0xd9]),
  ]);
}

const entry = (tag: number, ...values: number[]) =>
  Buffer.concat([u16(tag, values.length * 2), u16(...values)]);

function raf(entries: Buffer[], samples = 100_000): Buffer {
  const jpeg = preview('FUJIFILM', 1920, 1280);
  const header = Buffer.alloc(148);
  header.write('FUJIFILMCCD-RAW 0201FF129502X-T1', 'latin1');
  header.writeUInt32BE(148, 84);
  header.writeUInt32BE(jpeg.length, 88);
  const directory = Buffer.concat([Buffer.alloc(4), ...entries]);
  directory.writeUInt32BE(entries.length);
  const gap = Buffer.alloc(samples);
  header.writeUInt32BE(148 + jpeg.length + gap.length, 92);
  header.writeUInt32BE(directory.length, 96);
  return Buffer.concat([header, jpeg, gap, directory, Buffer.alloc(samples)]);
}

const FULL = entry(0x100, 3300, 4992);
const CROPPED = entry(0x111, 3264, 4896);
const SIZE = entry(0x121, 3296, 4936);
const OTHER = entry(0x110, 10, 20);

describe('RAF', () => {
  const file = raf([FULL, OTHER, SIZE, CROPPED]);

  test('is as large as its cropped picture, and takes its metadata from the preview', () => {
    const info = expectSameInAnyRounds(file, { ...EVERYTHING, exifCanonical: true });
    expect(info).toMatchObject({
      format: 'raf',
      mimeType: 'image/x-fuji-raf',
      width: 3264,
      height: 4896,
      orientation: 6,
    });
    expect(JSON.parse(info.exif!)).toMatchObject({ Make: 'FUJIFILM', ExposureTime: '1/60 sec.' });
    expect(JSON.parse(info.xmp!)).toEqual({ xmp: { Rating: '4' } });
    expect(info).not.toHaveProperty('colorspace');
  });

  test('takes the next best size where there is no crop', () => {
    expect(probeWhole(raf([FULL, SIZE]))).toMatchObject({ width: 3296, height: 4936 });
    expect(probeWhole(raf([FULL, OTHER]))).toMatchObject({ width: 3300, height: 4992 });
    expect(probeWhole(raf([]))).toMatchObject({ width: 1280, height: 1920 });
  });

  test('keeps the sizes before a damaged entry', () => {
    const damaged = Buffer.concat([u16(0x130, 60_000)]);
    expect(probeWhole(raf([CROPPED, damaged], 0))).toMatchObject({ width: 3264, height: 4896 });
  });

  test('is read in two rounds', () => {
    const { rounds, bytes } = probeInRounds(file, DEFAULTS, 4096);
    expect(rounds).toBe(2);
    expect(bytes).toBeLessThan(24_000);
  });

  test('turns by the preview where nothing but dimensions is wanted', () => {
    expect(expectSameInAnyRounds(file, DIMENSIONS)).toMatchObject({
      width: 3264,
      height: 4896,
      orientation: 6,
    });
  });

  test('does no harm when damaged', () => {
    expectBoundedUnderDamage(raf([FULL, SIZE, CROPPED], 100));
  });
});

describe('RW2', () => {
  const jpeg = preview('Panasonic', 1920, 1440, 1);
  const fields = [short(4, 6), short(5, 12), short(6, 3470), short(7, 4612)];
  const own = [text(271, 'Panasonic'), text(305, 'Own'), short(274, 8)];
  const rw2 = (bytes: Uint8Array) =>
    buildTiff([[...fields, ...own, { tag: 0x2e, type: 'undefined', value: bytes }]], {
      magic: 'IIU\0',
    });
  const exifOf = (file: Buffer) =>
    JSON.parse(expectSameInAnyRounds(file, { ...DEFAULTS, exifCanonical: true }).exif!);

  test('takes EXIF and XMP from the preview, and turns by its own word', () => {
    const info = expectSameInAnyRounds(rw2(jpeg));
    expect(info).toMatchObject({ format: 'rw2', width: 3464, height: 4600, orientation: 8 });
    expect(JSON.parse(info.xmp!)).toEqual({ xmp: { Rating: '4' } });
    expect(exifOf(rw2(jpeg))).toMatchObject({ Make: 'Panasonic', ExposureTime: '1/60 sec.' });
  });

  test('keeps its own EXIF where the preview is no JPEG', () => {
    expect(exifOf(rw2(Buffer.alloc(5000)))).toMatchObject({ Make: 'Panasonic', Software: 'Own' });
  });

  test('reads no preview where only dimensions are wanted', () => {
    const far = [long(0x118, 1), ...fields, ...own];
    const file = buildTiff([[...far, { tag: 0x2e, type: 'undefined', value: jpeg }]], {
      magic: 'IIU\0',
    });
    expect(probeInRounds(file, DIMENSIONS, 512).bytes).toBeLessThan(512 + 64);
  });

  test('does no harm when damaged', () => {
    expectBoundedUnderDamage(rw2(jpeg));
  });
});
