import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CORPUS, entries, hasCorpus } from '../../corpus.ts';
import { DEFAULTS, DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { be, box, bytes, exifOf, lastBox, xmpOf } from './boxes.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

/** A value and the number of its bits. */
type Field = [value: number, bits: number];

/** Fields packed from the lowest bit of a byte up. */
function pack(...fields: Field[]): Buffer {
  const bits = fields.flatMap(([value, count]) =>
    Array.from({ length: count }, (_, i) => Math.floor(value / 2 ** i) % 2),
  );
  const out = Buffer.alloc(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => {
    out.writeUInt8(out.readUInt8(i >> 3) | (bit << (i & 7)), i >> 3);
  });
  return out;
}

const YES: Field = [1, 1];
const NO: Field = [0, 1];
/** Sizes up to 8192, each side told. */
const sizeHeader = (width: number, height: number): Field[] => [
  NO,
  [1, 2],
  [height - 1, 13],
  [0, 3],
  [1, 2],
  [width - 1, 13],
];
const ratioHeader = (height: number, ratio: number): Field[] => [
  NO,
  [3, 2],
  [height - 1, 30],
  [ratio, 3],
];
const codestream = (...fields: Field[]) => bytes(0xff, 0x0a, pack(...fields), Buffer.alloc(32));
const oriented = (orientation: number): Field[] => [NO, YES, [orientation - 1, 3], NO, NO, NO];
const DEPTH_8: Field[] = [NO, [0, 2]];
const DEPTH_16: Field[] = [NO, [3, 2], [15, 6]];
const FLOAT: Field[] = [YES, [0, 2], [7, 4]];
const NO_EXTRA: Field[] = [YES, [0, 2], YES];
const RGB: Field[] = [YES];
const GREY: Field[] = [NO, NO, [1, 2]];

const SIGNATURE = box('JXL ', '\r\n', 0x87, '\n');
const FTYP = box('ftyp', 'jxl ', be(0, 4), 'jxl ');
const PICTURE = codestream(...sizeHeader(640, 480), YES);
const container = (...boxes: Uint8Array[]) => bytes(SIGNATURE, FTYP, ...boxes);
const exif = (orientation: number) => bytes(be(0, 4), exifOf(orientation));

describe('dimensions', () => {
  const sizeOf = (...fields: Field[]) => {
    const { width, height } = probeWhole(codestream(...fields));
    return [width, height];
  };

  test('are told in full, or the width as a ratio of the height', () => {
    expect(sizeOf(...sizeHeader(640, 480), YES)).toEqual([640, 480]);
    const widths = [1000, 1200, 1333, 1500, 1777, 1250, 2000];
    for (const [i, width] of widths.entries()) {
      expect(sizeOf(...ratioHeader(1000, i + 1), YES)).toEqual([width, 1000]);
    }
  });

  test('may be told in units of eight', () => {
    expect(sizeOf(YES, [9, 5], [0, 3], [14, 5], YES)).toEqual([120, 80]);
    expect(sizeOf(YES, [31, 5], [1, 3], YES)).toEqual([256, 256]);
  });

  test('may be as large as the format allows', () => {
    const largest: Field[] = [NO, [3, 2], [2 ** 30 - 1, 30], [7, 3], YES];
    expect(sizeOf(...largest)).toEqual([2 ** 31, 2 ** 30]);
  });

  test("are turned by the codestream's own orientation, which is not told", () => {
    for (const orientation of [1, 2, 3, 4]) {
      expect(sizeOf(...sizeHeader(640, 480), ...oriented(orientation))).toEqual([640, 480]);
    }
    for (const orientation of [5, 6, 7, 8]) {
      const file = codestream(...sizeHeader(640, 480), ...oriented(orientation), ...DEPTH_8);
      expect(probeWhole(file)).toMatchObject({ width: 480, height: 640, orientation: 1 });
    }
  });

  test('are not turned by EXIF, whose orientation is told', () => {
    const file = container(box('Exif', exif(6)), box('jxlc', PICTURE));
    for (const wanted of [DEFAULTS, DIMENSIONS]) {
      expect(probeWhole(file, wanted)).toMatchObject({ width: 640, height: 480, orientation: 6 });
    }
  });

  test('are read over the parts of a codestream', () => {
    const parts = [...PICTURE].map((byte, i) => box('jxlp', be(i, 4), byte));
    expect(probeWhole(container(...parts))).toMatchObject({ width: 640, height: 480 });
  });

  test('that are not there are a failure', () => {
    expect(() => probeWhole(container())).toThrow('jxl: no codestream');
    expect(() => probeWhole(bytes(0xff, 0x0a))).toThrow('ends too early');
  });
});

describe('metadata', () => {
  const expected = { orientation: 6, xmp: '{"xmp":{"Rating":"4"}}' };
  const brob = (type: string, contents: Uint8Array) =>
    box(
      'brob',
      type,
      brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
    );

  test('is read before and after the codestream', () => {
    const blocks = [box('Exif', exif(6)), box('xml ', xmpOf(4))];
    expect(probeWhole(container(...blocks, box('jxlc', PICTURE)))).toMatchObject(expected);
    expect(probeWhole(container(box('jxlc', PICTURE), ...blocks))).toMatchObject(expected);
  });

  test('is inflated', () => {
    const blocks = [brob('Exif', exif(6)), brob('xml ', xmpOf(4))];
    const file = container(box('jxlc', PICTURE), ...blocks);
    expect(probeWhole(file)).toMatchObject(expected);
    expect(probeWhole(file, DIMENSIONS)).toMatchObject({ orientation: 6 });
    expectSameInAnyRounds(file);
    expectBoundedUnderDamage(file);
  });

  test('that inflates beyond measure is left out', () => {
    const file = container(box('jxlc', PICTURE), brob('xml ', Buffer.alloc(64 << 20, ' ')));
    expect(probeWhole(file).xmp).toBeUndefined();
  });

  test('after the pixels takes one hop', () => {
    const file = container(
      box('jxlc', PICTURE, Buffer.alloc(2_000_000)),
      box('Exif', exif(6)),
      box('xml ', xmpOf(4)),
    );
    const { info, rounds, bytes: fetched } = probeInRounds(file, DEFAULTS, 4096);
    expect(info).toMatchObject(expected);
    expect(rounds).toBe(2);
    expect(fetched).toBeLessThan(4096 + 16384);
  });

  test('costs no round where the codestream ends the file', () => {
    const file = container(lastBox('jxlc', PICTURE, Buffer.alloc(2_000_000)));
    expect(probeInRounds(file, DEFAULTS, 4096).rounds).toBe(1);
  });
});

describe('the pixel format', () => {
  const formatOf = (...fields: Field[]) => {
    const file = codestream(...sizeHeader(64, 48), NO, NO, ...fields);
    const { colorspace, bands, sampleFormat } = probeWhole(file, EVERYTHING);
    return [colorspace, bands, sampleFormat];
  };

  test('is that of sRGB in bytes by default', () => {
    expect(probeWhole(PICTURE, EVERYTHING)).toMatchObject({
      colorspace: 'srgb',
      bands: 3,
      sampleFormat: 'uchar',
    });
  });

  test('follows depth and colour space', () => {
    const noExtra = NO_EXTRA.slice(0, -1);
    expect(formatOf(...DEPTH_8, ...noExtra, YES, ...GREY)).toEqual(['b-w', 1, 'uchar']);
    expect(formatOf(...DEPTH_16, ...noExtra, NO, ...RGB)).toEqual(['rgb16', 3, 'ushort']);
    expect(formatOf(...DEPTH_16, ...noExtra, NO, ...GREY)).toEqual(['grey16', 1, 'ushort']);
    expect(formatOf(...FLOAT, ...noExtra, NO, ...RGB)).toEqual(['scrgb', 3, 'float']);
  });

  test('has a band for every extra channel', () => {
    const alpha: Field[] = [YES];
    const named: Field[] = [NO, [1, 2], ...DEPTH_8, [0, 2], [1, 2], [2, 4], [0x4241, 16]];
    const two: Field[] = [YES, [2, 2], [0, 4], ...alpha, ...named, YES, ...RGB];
    expect(formatOf(...DEPTH_8, ...two)).toEqual(['srgb', 5, 'uchar']);
  });
});

describe('the number of pages', () => {
  // Made with cjxl: three frames of 8 × 8; the same with a profile; two frames of 300 × 300 whose
  // sections are in another order (--group_order=1).
  const PLAIN = Buffer.from(
    [
      '/wpBBAMIKC4JCAIiCwAAiABLEsWCBVJgw8UYvF+MFy/GeDHGOwBo8wIAdi8up6dvGFEaCAIiCwAAjABLEsWC',
      'BVIg/2IMXi5eDLoY48UY4x0AxHkBgNEXOviNP+QiAggCIgcAWABLEsWCBVIglzEGs3gHIHHegoVDKBAL',
    ].join(''),
    'base64',
  );
  const WITH_PROFILE = Buffer.from(
    [
      '/wpBBAMIyS2DCRTMBRsKcHCAeGwkjuo2QJ+G9Ng1CzT8ujLEkNuOK4LoPctg+4I8lqUZbF9wTLDdjzrwS30e',
      'jUajT/XxWy2BCw8++FgAgHe+RsamBjbDBYALDjroGABAAQCk3G4cjLMeo6YlH4Jb7+/VYQYAAADMEFIzGCuU',
      'HwDdBAAAAAAAAAAAAOAGL1hOljqh6AMCMBirPCDhGs8tO3Dy4MWrQ+YiNepbTDLoy/Z++ffv345T+k1id2dU',
      'bhYdnh9vBFlOH43JnMiDMQXNn2xM4q8eCfPK279/8zO8m0z6QfLv3z5R/v3rN6LHnQC5CAIiCwAAiABLEsWC',
      'BVJgw8UYvF+MFy/GeDHGOwBo8wIAdi8up6dvGFEaCAIiCwAAjABLEsWCBVIg/2IMXi5eDLoY48UY4x0AxHkB',
      'gNEXOviNP+QiAggCIgcAWABLEsWCBVIglzEGs3gHIHHegoVDKBAL',
    ].join(''),
    'base64',
  );
  const REORDERED = Buffer.from(
    [
      '/wpYGcEAEopLAgASEFkgQAlj0gsC+EAGDAAAAAAAAABd5RIAABUqo4wbvJzr+fJDh8W0jesMbbVtYUkiJaJn',
      'NlMABe57BkX5Xl4FAoFASIEVGzdujHE3xo3B88YYFwwgGebBySDLLQsAAqLIGu34nBQCeBEC5wFRkgAAEhA5',
      'BChhTHpBBEEGDAAAAAAAAABd5RIAABUqo4wbvJzr+fJDh8W0jesMbbVtYUkiJaJnNlMABe57BkX5Xl4FAoFA',
      'SIEFG2PcuHFjjBtj3BisN8YYFwwQIebBGC1/ToUAweK7Gu3ElxQCnA0y4AFRkgA=',
    ].join(''),
    'base64',
  );
  const pagesOf = (file: Uint8Array) => probeWhole(file, EVERYTHING).pagesNumber;

  test('is one for a still picture', () => {
    expect(pagesOf(PICTURE)).toBe(1);
  });

  test('counts the frames of an animation', () => {
    expect(pagesOf(PLAIN)).toBe(3);
  });

  test('counts them behind a profile, whose length only its decoding tells', () => {
    expect(pagesOf(WITH_PROFILE)).toBe(3);
  });

  test('counts them where their sections are reordered', () => {
    expect(pagesOf(REORDERED)).toBe(2);
  });

  test('counts them over the parts of a codestream', () => {
    const parts = Array.from({ length: Math.ceil(PLAIN.length / 7) }, (_, i) =>
      box('jxlp', be(i, 4), PLAIN.subarray(7 * i, 7 * i + 7)),
    );
    expect(pagesOf(container(...parts))).toBe(3);
  });

  test('counts those that a cut file holds', () => {
    expect(pagesOf(PLAIN.subarray(0, 80))).toBe(2);
    expect(pagesOf(PLAIN.subarray(0, 20))).toBe(1);
  });

  test('is the same in any rounds, and bounded under damage', () => {
    for (const file of [PLAIN, WITH_PROFILE, REORDERED, container(box('jxlc', PLAIN))]) {
      expectSameInAnyRounds(file);
      expectBoundedUnderDamage(file);
    }
  });
});

test('is read the same in any rounds, and bounded under damage', () => {
  const boxes = [box('Exif', exif(6)), box('jxlc', PICTURE, Buffer.alloc(20_000))];
  for (const file of [PICTURE, container(...boxes, box('xml ', xmpOf(2)))]) {
    expectSameInAnyRounds(file);
    expectBoundedUnderDamage(file);
  }
});

describe.skipIf(!hasCorpus)('the corpus', () => {
  const files = entries.filter(({ path }) => path.startsWith('jxl/'));

  test.each(files)('$path is as other tools read it', ({ path, reference }) => {
    const info = probeWhole(readFileSync(`${CORPUS}${path}`), EVERYTHING);
    expect(info).toMatchObject({
      format: 'jxl',
      width: reference.displayed_width,
      height: reference.displayed_height,
      orientation: reference.orientation ?? 1,
      pagesNumber: 1,
    });
    expect(info.exif !== '{}').toBe(reference.has_exif);
    expect(info.xmp !== undefined).toBe(reference.has_xmp);
  });
});
