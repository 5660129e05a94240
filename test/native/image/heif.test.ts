import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CORPUS, entries, hasCorpus } from '../../corpus.ts';
import { DEFAULTS, DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { be, box, bytes, exifOf, fullBox, largeBox, lastBox, xmpOf } from './boxes.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';
import {
  auxC,
  av1C,
  clap,
  exifItem,
  type HeifFile,
  heif,
  hvcC,
  imir,
  irot,
  ispe,
} from './heif_files.ts';

const XMP_TYPE = 'application/rdf+xml';

/** A picture of 640 × 480 with further properties in this order. */
function picture(...properties: Uint8Array[]): HeifFile {
  const all = [ispe(640, 480), hvcC(8), ...properties];
  return {
    primary: 1,
    items: [
      { id: 1, type: 'hvc1', properties: all.map((_, i) => i + 1), data: Buffer.alloc(64, 7) },
    ],
    properties: all,
  };
}

/** The same with EXIF and XMP. */
function described(file: HeifFile = picture()): HeifFile {
  return {
    ...file,
    items: [
      ...file.items,
      { id: 8, type: 'Exif', data: exifItem(exifOf(6)) },
      { id: 9, type: 'mime', contentType: XMP_TYPE, data: xmpOf(4) },
    ],
    references: [...(file.references ?? []), ['cdsc', 8, [1]], ['cdsc', 9, [1]]],
  };
}

const sizeOf = (file: HeifFile) => {
  const { width, height } = probeWhole(heif(file));
  return [width, height];
};

describe('dimensions', () => {
  test('are those of the primary item', () => {
    const file = picture();
    file.items.unshift({ id: 5, type: 'hvc1', properties: [3] });
    file.properties?.push(ispe(10, 10));
    expect(probeWhole(heif(file))).toMatchObject({ format: 'heic', width: 640, height: 480 });
  });

  test('are turned by irot, not by imir', () => {
    expect(sizeOf(picture(irot(1)))).toEqual([480, 640]);
    expect(sizeOf(picture(irot(2)))).toEqual([640, 480]);
    expect(sizeOf(picture(irot(3), imir(0)))).toEqual([480, 640]);
    expect(sizeOf(picture(imir(1)))).toEqual([640, 480]);
  });

  test('are cut and turned in the order of association', () => {
    expect(sizeOf(picture(clap(600, 1, 100, 1), irot(1)))).toEqual([100, 600]);
    expect(sizeOf(picture(irot(1), clap(400, 1, 100, 1)))).toEqual([400, 100]);
  });

  test('round a clean aperture, and are not cut by an impossible one', () => {
    expect(sizeOf(picture(clap(247, 2, 912, 2)))).toEqual([124, 456]);
    expect(sizeOf(picture(clap(0, 1, 100, 1)))).toEqual([640, 480]);
    expect(sizeOf(picture(clap(100, 0, 100, 1)))).toEqual([640, 480]);
    expect(sizeOf(picture(clap(5000, 1, 100, 1)))).toEqual([640, 480]);
  });

  test('are not turned by EXIF, whose orientation is told', () => {
    expect(probeWhole(heif(described()))).toMatchObject({
      width: 640,
      height: 480,
      orientation: 6,
    });
    expect(probeWhole(heif(described(picture(irot(1)))), DIMENSIONS)).toMatchObject({
      width: 480,
      height: 640,
      orientation: 6,
    });
  });

  test('come from the descriptor of a grid or an overlay that has no ispe', () => {
    const grid = bytes(0, 0, 1, 1, be(4000, 2), be(3000, 2));
    const wide = bytes(0, 1, Buffer.alloc(8), be(70000, 4), be(300, 4), be(0, 4), be(0, 4));
    for (const construction of [0, 1] as const) {
      const file = picture();
      file.items.push({ id: 2, type: 'grid', data: grid, construction });
      file.references = [['dimg', 2, [1]]];
      expect(sizeOf({ ...file, primary: 2 })).toEqual([4000, 3000]);
    }
    const file = picture();
    file.items.push({ id: 2, type: 'iovl', data: wide, construction: 1 });
    expect(sizeOf({ ...file, primary: 2 })).toEqual([70000, 300]);
  });

  test('of an identity derivation are those of its source, turned', () => {
    const file = picture();
    file.properties?.push(irot(1));
    file.items.push({ id: 2, type: 'iden', properties: [3] });
    file.references = [['dimg', 2, [1]]];
    expect(sizeOf({ ...file, primary: 2 })).toEqual([480, 640]);
  });

  test('are those of the first picture shown where no item is named primary', () => {
    const { primary, ...file } = picture();
    file.items.push({ id: 0, type: 'hvc1', hidden: true, properties: [3] });
    file.properties?.push(ispe(10, 10));
    expect(primary).toBe(1);
    expect(sizeOf(file)).toEqual([640, 480]);
  });

  test('that nothing tells are a failure', () => {
    const file = picture();
    file.properties = [hvcC(8)];
    expect(() => probeWhole(heif(file))).toThrow('heif: no picture');
    expect(() => probeWhole(box('ftyp', 'heic', be(0, 4), 'mif1'))).toThrow('heif: no picture');
  });
});

describe('the format', () => {
  const formatOf = (brands: string, type: string) => {
    const file = { ...picture(), brands };
    for (const item of file.items) item.type = type;
    const { format, mimeType } = probeWhole(heif(file));
    return `${format} ${mimeType}`;
  };

  test('is named by the codec of the picture, whatever the brand', () => {
    expect(formatOf('mif1mif1', 'hvc1')).toMatch(/^heic image\/hei[cf]$/);
    expect(formatOf('mif1mif1', 'av01')).toBe('avif image/avif');
    expect(formatOf('avifavif', 'av01')).toBe('avif image/avif');
    expect(formatOf('mif1mif1', 'jpeg')).toBe('heif image/heif');
    expect(formatOf('heicmif1', 'avc1')).toBe('heif image/heif');
  });

  test('is that of the tiles of a grid', () => {
    const file = picture();
    for (const item of file.items) item.type = 'av01';
    file.properties?.push(ispe(1000, 1000));
    file.items.push({ id: 2, type: 'grid', properties: [3] });
    file.references = [['dimg', 2, [1]]];
    expect(probeWhole(heif({ ...file, primary: 2, brands: 'mif1mif1' }))).toMatchObject({
      format: 'avif',
      width: 1000,
    });
  });

  test('is a picture under a foreign major brand only if items come first', () => {
    const foreign = heif({ ...picture(), brands: 'isommif1heic' });
    expect(probeWhole(foreign)).toMatchObject({ format: 'heic', width: 640 });
    const video = Buffer.concat([
      foreign.subarray(0, foreign.indexOf('meta') - 4),
      box('moov'),
      foreign.subarray(foreign.indexOf('meta') - 4),
    ]);
    expect(() => probeWhole(video)).toThrow();
  });
});

describe('metadata', () => {
  test('is read from the items that describe the primary one', () => {
    const file = described();
    file.items.push({ id: 3, type: 'Exif', data: exifItem(exifOf(8)) });
    file.references?.push(['cdsc', 3, [7]]);
    const info = probeWhole(heif(file));
    expect(info).toMatchObject({ orientation: 6, xmp: '{"xmp":{"Rating":"4"}}' });
  });

  test('of another picture is not that of the primary one', () => {
    const file = described();
    file.items.push({ id: 2, type: 'hvc1', properties: [1] });
    file.references = [
      ['cdsc', 8, [2]],
      ['cdsc', 9, [2]],
    ];
    const info = probeWhole(heif(file));
    expect([info.exif, info.xmp]).toEqual(['{}', undefined]);
  });

  test('of a tile is that of the grid', () => {
    const file = described();
    file.items.push({ id: 2, type: 'grid', properties: [1] });
    file.references?.push(['dimg', 2, [1]]);
    const info = probeWhole(heif({ ...file, primary: 2 }));
    expect(info).toMatchObject({ orientation: 6, xmp: expect.any(String) });
  });

  test('is read where no reference says what it describes', () => {
    const file = { ...described(), references: [] };
    expect(probeWhole(heif(file))).toMatchObject({ orientation: 6, xmp: expect.any(String) });
  });

  test('is found whatever the offset before the TIFF header says', () => {
    const withExif = (...contents: (number | string | Uint8Array)[]) => {
      const file = described();
      for (const item of file.items) if (item.type === 'Exif') item.data = bytes(...contents);
      return probeWhole(heif(file)).orientation;
    };
    const tiff = exifOf(6);
    expect(withExif(be(6, 4), 'Exif\0\0', tiff)).toBe(6);
    expect(withExif(be(0, 4), 'Exif\0\0', tiff)).toBe(6);
    expect(withExif(be(0xffffffff, 4), tiff)).toBe(6);
    expect(withExif('Exif\0\0', tiff)).toBe(6);
    expect(withExif(tiff)).toBe(6);
    expect(withExif(be(0, 4), 'nothing')).toBe(1);
    expect(withExif(0)).toBe(1);
  });

  test.each([0, 1, 2] as const)('is located by iloc version %i', (ilocVersion) => {
    const info = probeWhole(heif({ ...described(), ilocVersion }));
    expect(info).toMatchObject({ orientation: 6, xmp: expect.any(String) });
  });

  test('may lie in the meta box itself', () => {
    const file = described();
    for (const item of file.items) item.construction = 1;
    expect(probeWhole(heif(file))).toMatchObject({ orientation: 6, xmp: expect.any(String) });
  });

  test('that claims more than the file holds is read as far as it goes', () => {
    const file = heif(described());
    const length = exifItem(exifOf(6)).length;
    const at = file.indexOf(be(length, 4), file.indexOf('iloc'));
    file.writeUInt32BE(0x7fffffff, at);
    expect(probeWhole(file).orientation).toBe(6);
  });

  test('that is larger than anybody writes is left out and not fetched', () => {
    const file = described();
    for (const item of file.items) {
      if (item.type === 'Exif') item.data = bytes(exifItem(exifOf(6)), Buffer.alloc(17 << 20));
    }
    const { info, bytes: fetched } = probeInRounds(heif(file), DEFAULTS, 4096);
    expect(info).toMatchObject({ width: 640, exif: '{}', orientation: 1 });
    expect(fetched).toBeLessThan(8192);
  });

  test('that runs past the end of the file costs only itself', () => {
    const file = heif(described());
    const cut = file.subarray(0, file.length - xmpOf(4).length - 20);
    const { exif, ...info } = probeWhole(cut);
    expect(exif).toBe('{}');
    expect(info).toMatchObject({ width: 640, height: 480 });
  });
});

describe('fetching', () => {
  const PIXELS = 2_000_000;

  test('takes one round where the metadata comes before the pixels', () => {
    const { rounds, bytes: fetched } = probeInRounds(heif(described()), DEFAULTS, 4096);
    expect([rounds, fetched <= 4096]).toEqual([1, true]);
  });

  test('takes EXIF and XMP after the pixels in one further round', () => {
    const file = heif({ ...described(), pixels: PIXELS });
    const { info, rounds, bytes: fetched } = probeInRounds(file, DEFAULTS, 4096);
    expect(info).toMatchObject({ orientation: 6, xmp: expect.any(String) });
    expect(rounds).toBe(2);
    expect(fetched).toBeLessThan(4096 + 512);
  });

  test.each([
    ['32-bit', box],
    ['64-bit', largeBox],
  ])('hops over pixels in a box of %s size to a meta box behind', (_, wrap) => {
    const file = heif({ ...picture(irot(1)), pixels: PIXELS, metaAfterPixels: true, wrap });
    const { info, rounds, bytes: fetched } = probeInRounds(file, DEFAULTS, 4096);
    expect(info).toMatchObject({ width: 480, height: 640 });
    expect(rounds).toBe(2);
    expect(fetched).toBeLessThan(4096 + 16384);
  });

  test('ends at a last box of open size', () => {
    const file = heif({ ...described(), wrap: lastBox });
    expectSameInAnyRounds(file);
  });

  test('reads only the start of EXIF for the orientation', () => {
    const long = bytes(exifItem(exifOf(6)), Buffer.alloc(500_000));
    const file = { ...described(), pixels: PIXELS };
    for (const item of file.items) if (item.type === 'Exif') item.data = long;
    const { info, rounds, bytes: fetched } = probeInRounds(heif(file), DIMENSIONS, 4096);
    expect(info.orientation).toBe(6);
    expect(rounds).toBe(2);
    expect(fetched).toBeLessThanOrEqual(4096 + 1024);
  });

  test('leaves a large idat out', () => {
    const file = described();
    file.items[0] = { ...picture().items[0], id: 1, type: 'hvc1', construction: 1 };
    file.items[0].data = Buffer.alloc(PIXELS);
    const { info, bytes: fetched } = probeInRounds(heif(file), DEFAULTS, 4096);
    expect(info).toMatchObject({ width: 640, orientation: 6 });
    expect(fetched).toBeLessThan(3 * 16384);
  });
});

describe('the number of pages', () => {
  test('counts pictures that are shown, without thumbnails, planes and tone maps of others', () => {
    const file = picture();
    file.properties?.push(ispe(64, 48), auxC('urn:mpeg:hevc:2015:auxid:1'));
    file.items.push(
      { id: 2, type: 'hvc1', properties: [3] },
      { id: 3, type: 'hvc1', properties: [3] },
      { id: 4, type: 'hvc1', properties: [3, 4] },
      { id: 5, type: 'hvc1', properties: [3], hidden: true },
      { id: 6, type: 'Exif' },
      { id: 7, type: 'tmap', properties: [3] },
    );
    file.references = [
      ['dimg', 7, [1, 5]],
      ['thmb', 3, [1]],
      ['auxl', 4, [1]],
    ];
    expect(probeWhole(heif(file), EVERYTHING).pagesNumber).toBe(2);
  });

  const track = (handler: string, frames: number, width: number, height: number) =>
    box(
      'trak',
      fullBox(
        'tkhd',
        0,
        3,
        Buffer.alloc(20 + 16),
        ...[0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map((value) => be(value, 4)),
        be(width * 0x10000, 4),
        be(height * 0x10000, 4),
      ),
      box(
        'mdia',
        fullBox('hdlr', 0, 0, be(0, 4), handler, Buffer.alloc(12), '\0'),
        box(
          'minf',
          box(
            'stbl',
            fullBox('stsd', 0, 0, be(1, 4), box('av01', Buffer.alloc(78))),
            fullBox('stsz', 0, 0, be(0, 4), be(frames, 4), Buffer.alloc(4 * frames)),
          ),
        ),
      ),
    );

  test('counts the frames of a sequence', () => {
    const moov = box('moov', track('auxv', 3, 0, 0), track('pict', 5, 640, 480));
    const file = { ...picture(), tail: moov };
    const pages = (brands: string) => probeWhole(heif({ ...file, brands }), EVERYTHING).pagesNumber;
    expect(pages('avisavifmsf1mif1')).toBe(5);
    expect(pages('avifavifmif1')).toBe(1);
  });

  test('and the size are told by the track where there are no items', () => {
    const file = bytes(
      box('ftyp', 'avis', be(0, 4), 'avismsf1'),
      box('moov', track('pict', 7, 96, 64)),
      box('mdat', Buffer.alloc(100)),
    );
    expect(probeWhole(file, EVERYTHING)).toMatchObject({
      format: 'avif',
      width: 96,
      height: 64,
      pagesNumber: 7,
    });
    expectSameInAnyRounds(file);
  });
});

describe('the pixel format', () => {
  const formatOf = (file: HeifFile) => {
    const { colorspace, bands, sampleFormat } = probeWhole(heif(file), EVERYTHING);
    return [colorspace, bands, sampleFormat];
  };

  test('follows the depth of the codec', () => {
    expect(formatOf(picture())).toEqual(['srgb', 3, 'uchar']);
    const deep = { ...picture(), properties: [ispe(640, 480), hvcC(10)] };
    expect(formatOf(deep)).toEqual(['rgb16', 3, 'ushort']);
    const depths = { 12: 'uchar', 76: 'ushort', 108: 'ushort' };
    for (const [flags, sampleFormat] of Object.entries(depths)) {
      const av1 = { ...picture(), properties: [ispe(640, 480), av1C(Number(flags))] };
      expect(formatOf(av1)[2]).toBe(sampleFormat);
    }
  });

  test('has a fourth band for an alpha plane of the same size', () => {
    const withPlane = (type: string, size: Uint8Array) => {
      const file = picture();
      file.properties?.push(auxC(type), size);
      file.items.push({ id: 2, type: 'hvc1', properties: [3, 4] });
      file.references = [['auxl', 2, [1]]];
      return formatOf(file)[1];
    };
    expect(withPlane('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha', ispe(640, 480))).toBe(4);
    expect(withPlane('urn:mpeg:hevc:2015:auxid:1', ispe(640, 480))).toBe(4);
    expect(withPlane('urn:mpeg:hevc:2015:auxid:1', ispe(320, 240))).toBe(3);
    expect(withPlane('urn:mpeg:hevc:2015:auxid:2', ispe(640, 480))).toBe(3);
  });
});

describe('damage', () => {
  const grid = described(picture(clap(600, 1, 400, 1), irot(1)));
  grid.items.push({ id: 2, type: 'grid', data: bytes(0, 0, 1, 1, be(4, 2), be(3, 2)) });
  grid.references?.push(['dimg', 2, [1, 1, 1, 1]]);

  test('never makes a probe ask without end', () => {
    expectBoundedUnderDamage(heif(grid));
    expectBoundedUnderDamage(heif({ ...grid, primary: 2, metaAfterPixels: true, pixels: 5000 }));
  });

  test('of the location leaves items that are made of themselves out', () => {
    // Item 8's only extent lies in item 8.
    const file = heif({ ...described(), references: [['iloc', 8, [8]]] });
    const entry = file.indexOf(bytes(be(8, 2), be(0, 2)), file.indexOf('iloc'));
    file.writeUInt16BE(2, entry + 2);
    expect(probeWhole(file)).toMatchObject({ width: 640, orientation: 1 });
  });

  test('is the same in any rounds', () => {
    expectSameInAnyRounds(heif(grid));
    expectSameInAnyRounds(heif({ ...grid, metaAfterPixels: true, pixels: 40_000 }));
  });
});

describe.skipIf(!hasCorpus)('the corpus', () => {
  const files = entries.filter(({ path }) => /^(heic|avif)\//.test(path));

  test.each(files)('$path is as other tools read it', ({ path, reference }) => {
    const info = probeWhole(readFileSync(`${CORPUS}${path}`), EVERYTHING);
    expect(info).toMatchObject({
      format: reference.format,
      width: reference.displayed_width,
      height: reference.displayed_height,
      orientation: reference.orientation ?? 1,
      pagesNumber: reference.pages,
    });
    expect(info.exif !== '{}').toBe(reference.has_exif);
    expect(info.xmp !== undefined).toBe(reference.has_xmp);
  });

  test.each([
    ['image-size__sample-garbled.avif', 123, 456],
    ['synth__avif-cut.avif', 160, 120],
    ['synth__heic-cut.heic', 160, 120],
  ])('broken/%s is %i × %i', (name, width, height) => {
    const file = readFileSync(`${CORPUS}broken/${name}`);
    expect(probeWhole(file)).toMatchObject({ width, height });
    expectBoundedUnderDamage(file);
  });
});
