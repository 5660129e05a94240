import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CORPUS, entries, hasCorpus } from '../../corpus.ts';
import { cpuTimeOf } from '../../cpu-time.ts';
import { DEFAULTS, DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';
import {
  blob,
  buildTiff,
  type Directory,
  type Layout,
  long,
  picture,
  pointer,
  rational,
  short,
  text,
} from './tiff_files.ts';

const XMP = Buffer.from(
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF' +
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""' +
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/></rdf:RDF></x:xmpmeta>',
);
const IPTC = Buffer.from('\x1c\x02\x05\x00\x05Title\x1c\x02\x19\x00\x03one\0\0', 'latin1');
/** Resource 0x03ED: 300 pixels per inch across, 150 down. */
const PHOTOSHOP = Buffer.concat([
  Buffer.from('8BIM\x03\xed\0\0\0\0\0\x10', 'latin1'),
  Buffer.from([1, 44, 0, 0, 0, 1, 0, 1, 0, 150, 0, 0, 0, 1, 0, 1]),
]);

const EXIF: Directory = [
  rational(33434, 1, 125),
  text(36867, '2021:03:04 05:06:07'),
  blob(37500, Buffer.alloc(200, 0x4d)),
  pointer(40965, [text(1, 'R98')]),
];
const GPS: Directory = [text(1, 'S'), rational(2, 33, 1, 51, 1, 24, 1)];

const PHOTO = picture(
  640,
  480,
  short(258, 8, 8, 8),
  short(262, 2),
  text(271, 'Acme Cameras'),
  short(274, 6),
  short(277, 3),
  blob(700, XMP, 'byte'),
  blob(33723, IPTC),
  blob(34377, PHOTOSHOP),
  pointer(34665, EXIF),
  pointer(34853, GPS),
);

const exifOf = (file: Uint8Array) =>
  JSON.parse(probeWhole(file, { ...DEFAULTS, exifCanonical: true }).exif!);

const LAYOUTS: [string, Layout][] = [
  ['little-endian TIFF', { order: 'II' }],
  ['big-endian TIFF', { order: 'MM' }],
  ['little-endian BigTIFF', { order: 'II', bigTiff: true }],
  ['big-endian BigTIFF', { order: 'MM', bigTiff: true }],
  ['TIFF with its values before the directory', { valuesFirst: true }],
  ['TIFF with pixels before the directory', { order: 'MM', pixels: 30_000 }],
];

describe.each(LAYOUTS)('%s', (_, layout) => {
  const file = buildTiff([PHOTO], layout);

  test('tells dimensions as shown, and all metadata', () => {
    const info = probeWhole(file, { ...EVERYTHING, exifCanonical: true });
    expect(info).toMatchObject({
      format: 'tiff',
      mimeType: 'image/tiff',
      width: 480,
      height: 640,
      orientation: 6,
      pagesNumber: 1,
      colorspace: 'srgb',
      bands: 3,
      sampleFormat: 'uchar',
    });
    expect(JSON.parse(info.exif!)).toMatchObject({
      ImageWidth: '640',
      Make: 'Acme Cameras',
      Orientation: 'Right-top',
      ExposureTime: '1/125 sec.',
      DateTimeOriginal: '2021:03:04 05:06:07',
      GPSLatitude: '33, 51, 24',
      InteroperabilityIndex: 'R98',
    });
    expect(JSON.parse(info.xmp!)).toEqual({ xmp: { Rating: '4' } });
    expect(JSON.parse(info.iptc!)).toEqual({ Name: 'Title', Keywords: ['one'] });
    expect(JSON.parse(info.photoshop!)).toMatchObject({
      resolution: { XResolution: 300, YResolution: 150 },
    });
  });

  test('is the same whatever the first range holds', () => {
    expectSameInAnyRounds(file);
  });
});

test.each([LAYOUTS[0]!, LAYOUTS[3]!])('%s does no harm when damaged', (_, layout) => {
  expectBoundedUnderDamage(buildTiff([PHOTO], layout));
});

describe('rounds', () => {
  const atEnd = buildTiff([PHOTO], { pixels: 10_000_000 });

  test('reads a directory at the end of a large file in the second', () => {
    const { rounds, bytes } = probeInRounds(atEnd, EVERYTHING, 16_384);
    expect(rounds).toBe(2);
    expect(bytes).toBeLessThan(16_384 + 8_192);
  });

  test('reads values before a directory at the end in the second', () => {
    const file = buildTiff([PHOTO], { pixels: 10_000_000, valuesFirst: true });
    const { rounds, bytes } = probeInRounds(file, EVERYTHING, 16_384);
    expect(rounds).toBe(2);
    expect(bytes).toBeLessThan(16_384 + 8_192);
  });

  test('fetches no values where only dimensions are wanted', () => {
    const { rounds, bytes, info } = probeInRounds(atEnd, DIMENSIONS, 64);
    expect(info).toMatchObject({ width: 480, height: 640, orientation: 6 });
    expect(rounds).toBe(2);
    expect(bytes).toBeLessThan(64 + 1_100);
  });

  test('fetches blocks that lie far apart together in the third', () => {
    const far = blob(37724, Buffer.alloc(500_000));
    const fields = [...PHOTO];
    fields.splice(7, 0, far);
    fields.splice(9, 0, far);
    const { rounds, bytes } = probeInRounds(buildTiff([fields]), DEFAULTS, 400);
    expect(rounds).toBeLessThanOrEqual(3);
    expect(bytes).toBeLessThan(40_000);
  });

  test('fetches no block that is not wanted', () => {
    const file = buildTiff([[...PHOTO, blob(34675, Buffer.alloc(300_000))]]);
    const { rounds, bytes } = probeInRounds(file, { ...DEFAULTS, xmp: false, iptc: false }, 4096);
    expect(rounds).toBe(1);
    expect(bytes).toBe(4096);
  });
});

describe('EXIF', () => {
  test('leaves the maker note, blocks and pointers out', () => {
    const keys = Object.keys(exifOf(buildTiff([PHOTO])));
    expect(keys).not.toContain('MakerNote');
    expect(keys).not.toContain('XMLPacket');
    expect(keys).not.toContain('ImageResources');
    expect(keys).not.toContain('SubIFDs');
  });

  test('leaves a value over 64 KiB out, and keeps the others', () => {
    const file = buildTiff([picture(8, 8, text(270, 'x'.repeat(70_000)), text(305, 'Program'))]);
    expect(exifOf(file)).toMatchObject({ Software: 'Program' });
    expect(exifOf(file)).not.toHaveProperty('ImageDescription');
  });

  test('leaves a value past the end of the file out, and keeps the others', () => {
    const file = buildTiff([picture(8, 8, text(305, 'Program'), text(315, 'Somebody'))]);
    const cut = file.subarray(0, file.lastIndexOf('Somebody') + 3);
    expect(exifOf(cut)).toMatchObject({ Software: 'Program' });
    expect(exifOf(cut)).not.toHaveProperty('Artist');
  });

  test('takes the first of two fields of a tag', () => {
    expect(
      exifOf(buildTiff([picture(8, 8, text(305, 'First'), text(305, 'Other'))])),
    ).toMatchObject({ Software: 'First' });
  });

  test('stands where the EXIF directory points back at IFD 0', () => {
    const file = buildTiff([picture(8, 8, text(305, 'Program'), long(34665, 8), long(34853, 8))]);
    expect(exifOf(file)).toMatchObject({ Software: 'Program' });
    expectBoundedUnderDamage(file);
  });

  test('tells integers of 64 bits', () => {
    const file = buildTiff(
      [[...picture(8, 8)].map((field) => ({ ...field, type: 'ifd8' as const }))],
      {
        bigTiff: true,
      },
    );
    expect(exifOf(file)).toEqual({ ImageWidth: '8', ImageLength: '8' });
  });
});

describe('IPTC', () => {
  const words = Buffer.concat([IPTC, Buffer.alloc(4 - (IPTC.length % 4))]);

  test('is read where it is written as LONGs', () => {
    const info = probeWhole(buildTiff([picture(8, 8, blob(33723, words, 'long'))]));
    expect(JSON.parse(info.iptc!)).toEqual({ Name: 'Title', Keywords: ['one'] });
  });

  test('is read where each LONG is turned round', () => {
    const turned = Buffer.from(words).swap32();
    const info = probeWhole(buildTiff([picture(8, 8, blob(33723, turned, 'long'))]));
    expect(JSON.parse(info.iptc!)).toEqual({ Name: 'Title', Keywords: ['one'] });
  });

  test('is read as far as the file goes where its count is of bytes, not LONGs', () => {
    const file = buildTiff([picture(8, 8, blob(33723, words, 'long'))]);
    const entry = file.indexOf(Buffer.from([0xbb, 0x83, 4, 0]));
    file.writeUInt32LE(words.length, entry + 4);
    expect(JSON.parse(expectSameInAnyRounds(file).iptc!)).toMatchObject({ Name: 'Title' });
  });
});

describe('Photoshop resources', () => {
  const resource = (id: number, data: Uint8Array) => {
    const header = Buffer.from('8BIM\0\0\0\0\0\0\0\0', 'latin1');
    header.writeUInt16BE(id, 4);
    header.writeUInt32BE(data.length, 8);
    return Buffer.concat([header, data, Buffer.alloc(data.length % 2)]);
  };
  const thumbnail = resource(1036, Buffer.alloc(300_000));

  test('hold IPTC where no field does', () => {
    const resources = Buffer.concat([PHOTOSHOP, resource(0x0404, IPTC)]);
    const info = expectSameInAnyRounds(buildTiff([picture(8, 8, blob(34377, resources))]));
    expect(JSON.parse(info.iptc!)).toEqual({ Name: 'Title', Keywords: ['one'] });
    expect(info).toHaveProperty('photoshop');
  });

  test('are left where all that is wanted of them was found', () => {
    const resources = Buffer.concat([PHOTOSHOP, resource(0x0404, IPTC), thumbnail]);
    const file = buildTiff([picture(8, 8, blob(34377, resources))]);
    const { info, rounds, bytes } = probeInRounds(file, DEFAULTS, 1024);
    expect(info).toHaveProperty('iptc');
    expect(rounds).toBe(2);
    expect(bytes).toBeLessThan(40_000);
  });

  test('are stepped over', () => {
    const resources = Buffer.concat([PHOTOSHOP, thumbnail, resource(0x0404, IPTC)]);
    const file = buildTiff([picture(8, 8, blob(34377, resources))]);
    const { info, bytes } = probeInRounds(file, DEFAULTS, 1024);
    expect(info).toHaveProperty('iptc');
    expect(bytes).toBeLessThan(60_000);
  });
});

describe('pages', () => {
  const pagesOf = (...chain: Directory[]) => probeWhole(buildTiff(chain), EVERYTHING).pagesNumber;

  test('are the directories of the chain', () => {
    expect(pagesOf(picture(8, 8), picture(9, 9), picture(8, 8, long(254, 2)))).toBe(3);
  });

  test('are no reduced images and no masks', () => {
    const levels = [long(254, 1), short(255, 2), long(254, 4), long(254, 9)];
    expect(pagesOf(picture(8, 8), ...levels.map((field) => [field, ...picture(4, 4)]))).toBe(1);
  });

  test('end where the chain comes back', () => {
    const file = buildTiff([picture(8, 8), picture(9, 9)]);
    file.writeUInt32LE(8, file.length - 4);
    expect(expectSameInAnyRounds(file).pagesNumber).toBe(2);
  });

  test('end where the chain leaves the file', () => {
    const file = buildTiff([picture(8, 8), picture(9, 9)]);
    file.writeUInt32LE(file.length + 100, file.length - 4);
    expect(expectSameInAnyRounds(file).pagesNumber).toBe(2);
  });

  test('are not walked where they are not wanted', () => {
    const file = buildTiff(Array(50).fill(picture(8, 8)), { pixels: 10_000 });
    expect(probeInRounds(file, DEFAULTS, 20_000).rounds).toBe(1);
  });

  test('of a hundred small ones take a few rounds', () => {
    const file = buildTiff(Array(100).fill(picture(8, 8)), { pixels: 20_000 });
    const { info, rounds } = probeInRounds(file, EVERYTHING, 65_536);
    expect(info.pagesNumber).toBe(100);
    expect(rounds).toBeLessThan(10);
  });

  test('of large ones are told by the numbers of the first two', () => {
    const chain = Array.from({ length: 12 }, (_, i) => picture(8, 8, short(297, i, 12)));
    const file = buildTiff(chain, { pixels: 300_000 });
    const { info, rounds } = probeInRounds(file, EVERYTHING, 4096);
    expect(info.pagesNumber).toBe(12);
    expect(rounds).toBe(3);
  });

  test('of large ones are walked where the numbers disagree', () => {
    const chain = Array.from({ length: 5 }, (_, i) => picture(8, 8, short(297, i, 12 + i)));
    const file = buildTiff(chain, { pixels: 300_000 });
    expect(probeInRounds(file, EVERYTHING, 4096).info.pagesNumber).toBe(5);
  });
});

describe('pixel format', () => {
  const TABLE: [string, Directory, object][] = [
    [
      'grey',
      [short(258, 8), short(262, 1)],
      { colorspace: 'b-w', bands: 1, sampleFormat: 'uchar' },
    ],
    ['bilevel', [short(258, 1), short(262, 0)], { colorspace: 'b-w', bands: 1 }],
    ['grey of 16 bits', [short(258, 16), short(262, 1)], { colorspace: 'grey16', bands: 1 }],
    [
      'RGB with alpha',
      [short(258, 8, 8, 8, 8), short(262, 2), short(277, 4), short(338, 2)],
      { colorspace: 'srgb', bands: 4 },
    ],
    [
      'RGB of 16 bits',
      [short(258, 16, 16, 16), short(262, 2), short(277, 3)],
      { colorspace: 'rgb16', bands: 3, sampleFormat: 'ushort' },
    ],
    [
      'floating RGB',
      [short(258, 32, 32, 32), short(262, 2), short(277, 3), short(339, 3, 3, 3)],
      { colorspace: 'scrgb', bands: 3, sampleFormat: 'float' },
    ],
    [
      'CMYK',
      [short(258, 8, 8, 8, 8), short(262, 5), short(277, 4)],
      { colorspace: 'cmyk', bands: 4 },
    ],
    [
      'JPEG without a word of its subsampling',
      [short(258, 8, 8, 8), short(259, 7), short(262, 6), short(277, 3)],
      { colorspace: 'srgb', bands: 3, sampleFormat: 'uchar' },
    ],
    [
      'a palette of colours',
      [short(258, 1), short(262, 3), short(320, 0, 65535, 0, 0, 0, 65535)],
      { colorspace: 'srgb', bands: 3 },
    ],
    [
      'a palette of greys',
      [short(258, 1), short(262, 3), short(320, 0, 65535, 0, 65535, 0, 65535)],
      { colorspace: 'b-w', bands: 1 },
    ],
  ];

  test.each(TABLE)('of %s is that of libvips', (_, fields, expected) => {
    const file = buildTiff([picture(64, 64, ...fields)], { pixels: 5000 });
    expect(expectSameInAnyRounds(file)).toMatchObject(expected);
  });

  test('is absent where libvips does not read the file', () => {
    const halved = [short(258, 8, 8, 8), short(262, 6), short(277, 3), short(530, 2, 2)];
    const info = probeWhole(buildTiff([picture(64, 64, ...halved)]), EVERYTHING);
    expect(info).toMatchObject({ width: 64, height: 64 });
    expect(info).not.toHaveProperty('colorspace');
    expect(info).not.toHaveProperty('bands');
  });

  test('takes no round for pages or arrays of strips', () => {
    const strips = long(273, ...Array(50_000).fill(8));
    const file = buildTiff([picture(64, 64, short(262, 1), strips), picture(8, 8)]);
    const { rounds } = probeInRounds(file, { ...DEFAULTS, colorspace: true }, 4096);
    expect(rounds).toBe(1);
  });
});

test('reads JPEG XR by its own tags', () => {
  const file = buildTiff([[text(305, 'Program'), long(0xbc80, 300), long(0xbc81, 200)]], {
    magic: 'II\xbc\x01',
  });
  expect(expectSameInAnyRounds(file)).toMatchObject({
    format: 'jxr',
    mimeType: 'image/jxr',
    width: 300,
    height: 200,
  });
});

test('fails without dimensions, directories or bytes', () => {
  expect(() => probeWhole(buildTiff([[short(262, 1)]]))).toThrow(/dimensions/);
  expect(() => probeWhole(buildTiff([picture(0, 8)]))).toThrow(/dimensions/);
  expect(() => probeWhole(Buffer.from('II*\0\x08\0\0\0\0\0', 'latin1'))).toThrow();
  expect(() => probeWhole(Buffer.from('II*\0\xff\0\0\0\0\0', 'latin1'))).toThrow();
});

test('takes orientations out of range for none', () => {
  for (const value of [0, 9, 65535]) {
    expect(probeWhole(buildTiff([picture(8, 4, short(274, value))]))).toMatchObject({
      width: 8,
      height: 4,
      orientation: 1,
    });
  }
});

test('answers a directory of overlapping directories quickly', () => {
  // Each offset is the start of a directory of many entries that chains to the next.
  const file = Buffer.alloc(2_000_000);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  for (let at = 8; at + 2 < file.length; at += 2) file.writeUInt16LE(0x0fff, at);
  expect(cpuTimeOf(() => expectAnswer(file))).toBeLessThan(2000);
});

function expectAnswer(file: Uint8Array): void {
  try {
    probeWhole(file, EVERYTHING);
  } catch (error) {
    expect((error as Error).message).not.toMatch(/without end/);
  }
}

describe.skipIf(!hasCorpus)('a file of the corpus', () => {
  const files = entries.filter(({ path }) => path.startsWith('tiff/'));
  // The reference counts the levels of a pyramid.
  const pyramid = /pyramid/;

  test.each(
    files.map(({ path, reference }) => [path, reference] as const),
  )('%s', (path, reference) => {
    const info = expectSameInAnyRounds(readFileSync(CORPUS + path));
    expect(info).toMatchObject({
      format: reference.format,
      width: reference.displayed_width,
      height: reference.displayed_height,
      orientation: reference.orientation ?? 1,
      pagesNumber: pyramid.test(path) ? 1 : reference.pages,
    });
    expect(info.iptc !== undefined).toBe(reference.has_iptc);
    expect(info.xmp !== undefined).toBe(reference.has_xmp);
  });

  test.each(['ifd-loop', 'ifd-offset-past-end'])('fails: %s', (name) => {
    expect(() => probeWhole(readFileSync(`${CORPUS}broken/synth__tiff-${name}.tif`))).toThrow();
  });
});

describe('a first directory without a size', () => {
  const bare = [text(271, 'Acme Cameras'), blob(700, XMP, 'byte')];

  test('leaves the picture to the next one that has a size', () => {
    const next = picture(
      640,
      480,
      short(258, 8, 8, 8),
      short(262, 2),
      short(274, 6),
      short(277, 3),
    );
    const info = expectSameInAnyRounds(buildTiff([bare, [text(305, 'x')], next], { pixels: 9000 }));
    expect(info).toMatchObject({
      format: 'tiff',
      width: 480,
      height: 640,
      orientation: 6,
      bands: 3,
      sampleFormat: 'uchar',
    });
    expect(JSON.parse(info.exif!)).toMatchObject({ Manufacturer: 'Acme Cameras' });
    expect(JSON.parse(info.xmp!)).toEqual({ xmp: { Rating: '4' } });
  });

  test('is refused where none has, and where they run in a circle', () => {
    expect(() => probeWhole(buildTiff([bare, bare]))).toThrow('no dimensions');
    const circle = buildTiff([[short(274, 6)]]);
    circle.writeUInt32LE(8, circle.length - 4);
    expect(() => probeWhole(circle)).toThrow('no dimensions');
  });

  test('is not followed through a chain without an end', () => {
    const chain = Array.from({ length: 1000 }, () => bare);
    expect(() => probeInRounds(buildTiff([...chain, picture(4, 4)]))).toThrow('no dimensions');
  });
});
