import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CORPUS, entries, hasCorpus } from '../../corpus.ts';
import { DEFAULTS, DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { be, box, bytes, exifOf, uuidBox, xmpOf } from './boxes.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

const SIGNATURE = box('jP  ', '\r\n', 0x87, '\n');
const ftyp = (brand: string) => box('ftyp', brand, be(0, 4), brand);
const ihdr = (width: number, height: number, components: number, depth: number) =>
  box('ihdr', be(height, 4), be(width, 4), be(components, 2), depth, 7, 0, 0);
const colr = (space: number) => box('colr', 1, 0, 0, be(space, 4));
const EXIF_UUID = '4a706754-6966-6645-7869-662d3e4a5032';
const IPTC_UUID = '33c7a4d2-b81d-4723-a0ba-f1a3e097ad38';
const XMP_UUID = 'be7acfcb-97a9-42e8-9c71-999491e3afac';
const KEYWORD = bytes(0x1c, 2, 25, be(5, 2), 'alpha');

/** SOC and SIZ of a codestream whose image area starts at (10, 20). */
const codestream = (width: number, height: number, components = 3, depth = 7) =>
  bytes(
    ...[0xff, 0x4f, 0xff, 0x51],
    be(38 + 3 * components, 2),
    be(0, 2),
    ...[10 + width, 20 + height, 10, 20, 128, 128, 0, 0].map((value) => be(value, 4)),
    be(components, 2),
    ...Array.from({ length: components }, () => bytes(depth, 1, 1)),
    ...[0xff, 0x52],
  );

/** A file with the boxes before and after a codestream of that many bytes. */
const jp2 = (before: Uint8Array[], after: Uint8Array[] = [], pixels = 100) =>
  bytes(SIGNATURE, ftyp('jp2 '), ...before, box('jp2c', Buffer.alloc(pixels)), ...after);

const HEADER = box('jp2h', ihdr(640, 480, 3, 7), colr(16));

describe('dimensions', () => {
  test('are those of the header', () => {
    expect(probeWhole(jp2([HEADER]))).toMatchObject({
      format: 'jp2',
      mimeType: 'image/jp2',
      width: 640,
      height: 480,
    });
  });

  test('of a bare codestream are those of its image area', () => {
    expect(probeWhole(codestream(640, 480))).toMatchObject({
      format: 'j2k',
      mimeType: 'image/j2c',
      width: 640,
      height: 480,
    });
  });

  test('come from the codestream where there is no header', () => {
    const file = bytes(SIGNATURE, ftyp('jpx '), box('jp2c', codestream(640, 480)));
    expect(probeWhole(file)).toMatchObject({ mimeType: 'image/jpx', width: 640, height: 480 });
  });

  test('are turned by EXIF', () => {
    const file = jp2([HEADER, uuidBox(EXIF_UUID, exifOf(6))]);
    expect(probeWhole(file)).toMatchObject({ width: 480, height: 640, orientation: 6 });
  });

  test('of an empty area are a failure', () => {
    expect(() => probeWhole(codestream(0, 480))).toThrow('jp2: an empty image area');
    expect(() => probeWhole(bytes(SIGNATURE, ftyp('jp2 ')))).toThrow('jp2: neither');
  });
});

test('Motion JPEG 2000 is no picture', () => {
  expect(() => probeWhole(bytes(SIGNATURE, ftyp('mjp2'), HEADER))).not.toThrow('jp2');
});

describe('metadata', () => {
  const blocks = [
    uuidBox(EXIF_UUID, exifOf(3)),
    uuidBox(IPTC_UUID, KEYWORD),
    uuidBox(XMP_UUID, xmpOf(4)),
  ];
  const expected = {
    orientation: 3,
    iptc: '{"Keywords":["alpha"]}',
    xmp: '{"xmp":{"Rating":"4"}}',
  };

  test('is read from uuid boxes', () => {
    expect(probeWhole(jp2([HEADER, ...blocks]))).toMatchObject(expected);
  });

  test('is read after the pixels, with one hop', () => {
    const file = jp2([HEADER], blocks, 2_000_000);
    const { info, rounds, bytes: fetched } = probeInRounds(file, DEFAULTS, 4096);
    expect(info).toMatchObject(expected);
    expect(rounds).toBe(2);
    expect(fetched).toBeLessThan(4096 + 16384);
  });

  test('costs no round where the pixels end the file', () => {
    expect(probeInRounds(jp2([HEADER], [], 2_000_000), DEFAULTS, 4096).rounds).toBe(1);
  });

  test('is not fetched where it is not wanted', () => {
    const large = uuidBox(XMP_UUID, bytes(xmpOf(4), Buffer.alloc(500_000, ' ')));
    const { bytes: fetched } = probeInRounds(jp2([HEADER, large]), DIMENSIONS, 4096);
    expect(fetched).toBeLessThan(4096 + 16384);
  });

  test('is read from an xml box only if that holds XMP', () => {
    const other = box('xml ', '<gml/>');
    expect(probeWhole(jp2([HEADER, other])).xmp).toBeUndefined();
    expect(probeWhole(jp2([HEADER, other, box('xml ', xmpOf(4))])).xmp).toBe(expected.xmp);
  });
});

describe('the pixel format', () => {
  const formatOf = (...boxes: Uint8Array[]) => {
    const { colorspace, bands, sampleFormat } = probeWhole(
      jp2([box('jp2h', ...boxes)]),
      EVERYTHING,
    );
    return [colorspace, bands, sampleFormat];
  };

  test('follows components, depth and sign', () => {
    expect(formatOf(ihdr(2, 2, 3, 7), colr(16))).toEqual(['srgb', 3, 'uchar']);
    expect(formatOf(ihdr(2, 2, 4, 15), colr(18))).toEqual(['rgb16', 4, 'ushort']);
    expect(formatOf(ihdr(2, 2, 1, 15), colr(17))).toEqual(['grey16', 1, 'ushort']);
    expect(formatOf(ihdr(2, 2, 1, 0x87), colr(17))).toEqual(['b-w', 1, 'char']);
    expect(formatOf(ihdr(2, 2, 4, 7), colr(12))).toEqual(['cmyk', 4, 'uchar']);
  });

  test('is told by bpcc where the depths vary', () => {
    expect(formatOf(ihdr(2, 2, 2, 255), box('bpcc', 11, 0), colr(17))).toEqual([
      'grey16',
      2,
      'ushort',
    ]);
  });

  test('of a bare codestream comes from its first component', () => {
    expect(probeWhole(codestream(2, 2, 4, 11), EVERYTHING)).toMatchObject({
      colorspace: 'rgb16',
      bands: 4,
      sampleFormat: 'ushort',
    });
  });
});

test('is read the same in any rounds, and bounded under damage', () => {
  const tail = [uuidBox(EXIF_UUID, exifOf(6)), uuidBox(XMP_UUID, xmpOf(1))];
  for (const file of [jp2([HEADER], tail, 20_000), codestream(64, 48)]) {
    expectSameInAnyRounds(file);
    expectBoundedUnderDamage(file);
  }
});

describe.skipIf(!hasCorpus)('the corpus', () => {
  const files = entries.filter(({ path }) => path.startsWith('jp2/'));

  test.each(files)('$path is as other tools read it', ({ path, reference }) => {
    const info = probeWhole(readFileSync(`${CORPUS}${path}`), EVERYTHING);
    expect(info).toMatchObject({
      format: reference.format,
      width: reference.displayed_width,
      height: reference.displayed_height,
      orientation: reference.orientation ?? 1,
      pagesNumber: 1,
    });
    expect(info.exif !== '{}').toBe(reference.has_exif);
    expect(info.xmp !== undefined).toBe(reference.has_xmp);
  });
});
