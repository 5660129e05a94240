import { describe, expect, test } from 'vitest';
import { DEFAULTS, DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';
import {
  blob,
  buildTiff,
  type Directory,
  type Field,
  type Layout,
  long,
  picture,
  pointer,
  short,
  text,
} from './tiff_files.ts';

const make = (maker: string, model = 'Model'): Field[] => [text(271, maker), text(272, model)];
const FULL = long(254, 0);
const REDUCED = long(254, 1);
const CFA = short(262, 32803);
const UPRIGHT_LEFT = short(274, 8);
const compression = (scheme: number) => short(259, scheme);
const exif = (width: number, height: number) =>
  pointer(34665, [text(36867, '2021:03:04 05:06:07'), long(40962, width), long(40963, height)]);

/** What stands after the header of Panasonic's files. */
const PANASONIC = Buffer.from('88e774d8f8251d4d947a6e77822b5d6a', 'hex');

/** The type, its MIME type, the stored size, and a file of the shape that its cameras write. */
const RAWS: [string, string, [number, number], Directory[], Layout?][] = [
  [
    'dng',
    'image/x-adobe-dng',
    [4032, 3024],
    [
      picture(
        256,
        192,
        REDUCED,
        ...make('Apple', 'iPhone'),
        UPRIGHT_LEFT,
        blob(50706, Buffer.from([1, 4, 0, 0]), 'byte'),
        pointer(
          330,
          picture(1024, 768, REDUCED, compression(7)),
          picture(4032, 3024, FULL, short(262, 34892)),
        ),
      ),
    ],
    { order: 'MM' },
  ],
  [
    'dng',
    'image/x-adobe-dng',
    [3936, 2624],
    [
      picture(
        3936,
        2624,
        FULL,
        CFA,
        ...make('PENTAX'),
        UPRIGHT_LEFT,
        blob(50706, Buffer.from([1, 1, 0, 0]), 'byte'),
      ),
    ],
  ],
  [
    'nef',
    'image/x-nikon-nef',
    [6080, 4012],
    [
      picture(
        160,
        120,
        REDUCED,
        compression(1),
        ...make('NIKON CORPORATION', 'NIKON D750'),
        UPRIGHT_LEFT,
        pointer(
          330,
          [REDUCED, compression(6), long(513, 1000)],
          picture(6080, 4012, FULL, compression(34713), CFA),
        ),
        exif(6016, 4016),
      ),
    ],
    { order: 'MM' },
  ],
  [
    'nef',
    'image/x-nikon-nef',
    [3040, 2014],
    [
      picture(
        160,
        120,
        REDUCED,
        ...make('NIKON CORPORATION'),
        UPRIGHT_LEFT,
        pointer(330, picture(3040, 2014, FULL, compression(1), CFA)),
      ),
    ],
  ],
  [
    'nrw',
    'image/x-nikon-nrw',
    [3664, 2750],
    [
      picture(
        160,
        120,
        REDUCED,
        compression(6),
        long(513, 900),
        ...make('NIKON', 'COOLPIX P7000'),
        UPRIGHT_LEFT,
        pointer(330, picture(3664, 2750, FULL, compression(34713), CFA)),
      ),
    ],
  ],
  [
    'cr2',
    'image/x-canon-cr2',
    [5616, 3744],
    [
      picture(
        5616,
        3744,
        compression(6),
        ...make('Canon', 'Canon EOS 5D Mark II'),
        UPRIGHT_LEFT,
        exif(5616, 3744),
      ),
      [long(513, 100)],
      picture(362, 234, compression(6)),
      [compression(6), long(273, 8)],
    ],
    { prefix: Buffer.from('CR\x02\0\0\0\0\0', 'latin1') },
  ],
  [
    'arw',
    'image/x-sony-arw',
    [6048, 4024],
    [
      [
        REDUCED,
        compression(6),
        ...make('SONY', 'ILCE-7M3'),
        UPRIGHT_LEFT,
        long(513, 5000),
        pointer(330, picture(6048, 4024, FULL, compression(32767), CFA)),
        exif(6000, 4000),
      ],
      picture(160, 120, REDUCED, compression(6)),
    ],
  ],
  [
    // Its 330 points to samples.
    'arw',
    'image/x-sony-arw',
    [3872, 2592],
    [
      [
        REDUCED,
        compression(6),
        ...make('SONY', 'DSLR-A100'),
        UPRIGHT_LEFT,
        long(513, 500),
        long(330, 20),
        exif(3872, 2592),
      ],
    ],
  ],
  [
    'sr2',
    'image/x-sony-sr2',
    [3984, 2592],
    [
      [
        REDUCED,
        compression(6),
        ...make('SONY', 'DSC-R1'),
        UPRIGHT_LEFT,
        pointer(330, picture(3984, 2592, FULL, compression(1), CFA)),
      ],
    ],
  ],
  [
    'orf',
    'image/x-olympus-orf',
    [4640, 3472],
    [picture(4640, 3472, short(262, 1), ...make('OLYMPUS IMAGING CORP.'), UPRIGHT_LEFT)],
    { magic: 'IIRO' },
  ],
  [
    'orf',
    'image/x-olympus-orf',
    [3720, 2800],
    [picture(3720, 2800, ...make('OLYMPUS'), UPRIGHT_LEFT)],
    { magic: 'IIRS' },
  ],
  [
    'orf',
    'image/x-olympus-orf',
    [3280, 2450],
    [picture(3280, 2450, ...make('OLYMPUS'), UPRIGHT_LEFT)],
    { magic: 'MMOR', order: 'MM' },
  ],
  [
    'rw2',
    'image/x-panasonic-rw2',
    [4600, 3464],
    [
      [
        short(2, 4816),
        short(3, 3480),
        short(4, 6),
        short(5, 12),
        short(6, 3470),
        short(7, 4612),
        ...make('Panasonic', 'DMC-GH2'),
        UPRIGHT_LEFT,
      ],
    ],
    { magic: 'IIU\0', prefix: PANASONIC },
  ],
  [
    'rwl',
    'image/x-leica-rwl',
    [4060, 2740],
    [[short(2, 4060), short(3, 2740), ...make('LEICA'), UPRIGHT_LEFT]],
    { magic: 'IIU\0', prefix: PANASONIC },
  ],
  [
    'pef',
    'image/x-pentax-pef',
    [3936, 2624],
    [
      picture(
        3936,
        2624,
        compression(65535),
        CFA,
        ...make('SAMSUNG TECHWIN', 'GX20'),
        UPRIGHT_LEFT,
      ),
      picture(160, 120, compression(6)),
    ],
    { order: 'MM' },
  ],
  [
    'pef',
    'image/x-pentax-pef',
    [3040, 2024],
    [picture(3040, 2024, compression(1), CFA, ...make('PENTAX Corporation'), UPRIGHT_LEFT)],
  ],
  [
    'srw',
    'image/x-samsung-srw',
    [5546, 3714],
    [
      picture(
        160,
        120,
        REDUCED,
        ...make('SAMSUNG', 'NX20'),
        UPRIGHT_LEFT,
        pointer(330, picture(5546, 3714, FULL, compression(32770), CFA)),
      ),
    ],
  ],
  [
    '3fr',
    'image/x-hasselblad-3fr',
    [7262, 5456],
    [
      picture(
        256,
        192,
        REDUCED,
        ...make('Hasselblad'),
        UPRIGHT_LEFT,
        pointer(330, picture(7262, 5456, FULL, compression(7), CFA)),
      ),
    ],
  ],
  [
    'iiq',
    'image/x-raw',
    [7216, 5412],
    [picture(320, 240, ...make('Phase One'), UPRIGHT_LEFT, exif(7216, 5412))],
    { prefix: Buffer.from('IIII\x01waR\0\0\0\0', 'latin1') },
  ],
  [
    'mef',
    'image/x-mamiya-mef',
    [4016, 5344],
    [
      picture(
        160,
        120,
        REDUCED,
        ...make('Mamiya-OP Co.,Ltd.'),
        UPRIGHT_LEFT,
        pointer(330, picture(4016, 5344, FULL, compression(1), CFA)),
      ),
    ],
  ],
  [
    'kdc',
    'image/x-kodak-kdc',
    [2640, 1968],
    [
      picture(
        160,
        120,
        REDUCED,
        ...make('EASTMAN KODAK COMPANY'),
        UPRIGHT_LEFT,
        pointer(330, picture(2640, 1968, FULL, compression(32867))),
      ),
    ],
  ],
];

describe.each(RAWS)('%s (%s, %j)', (format, mimeType, [stored, rows], chain, layout) => {
  const file = buildTiff(chain, layout);

  test('is named by its content, and as large as its full picture', () => {
    expect(expectSameInAnyRounds(file)).toMatchObject({
      format,
      mimeType,
      width: rows,
      height: stored,
      orientation: 8,
      pagesNumber: 1,
    });
  });

  test('is the same where nothing but dimensions is wanted', () => {
    expect(expectSameInAnyRounds(file, DIMENSIONS)).toMatchObject({
      format,
      width: rows,
      height: stored,
    });
  });

  test('does no harm when damaged', () => {
    expectBoundedUnderDamage(file);
  });
});

describe('a TIFF of a camera maker', () => {
  test.each(['NIKON CORPORATION', 'SONY', 'PENTAX', 'Phase One', 'Canon'])('%s', (maker) => {
    const file = buildTiff([picture(640, 480, short(262, 2), ...make(maker))]);
    expect(probeWhole(file)).toMatchObject({ format: 'tiff', width: 640, height: 480 });
  });

  test('with a preview below it stays a TIFF', () => {
    const file = buildTiff([
      picture(640, 480, short(262, 2), ...make('NIKON'), pointer(330, picture(64, 48, REDUCED))),
    ]);
    expect(expectSameInAnyRounds(file)).toMatchObject({ format: 'tiff', width: 640 });
  });

  test('takes no round more for it', () => {
    const file = buildTiff([picture(640, 480, short(262, 2), ...make('NIKON'))], { pixels: 9000 });
    expect(probeInRounds(file, DIMENSIONS, 64).rounds).toBe(2);
  });
});

test('reads a RAW whose sub-directories lie far into the file in three rounds', () => {
  const samples = blob(37724, Buffer.alloc(400_000));
  const file = buildTiff([
    [
      REDUCED,
      compression(6),
      samples,
      ...make('SONY', 'ILCE-7M3'),
      pointer(330, [samples, ...picture(6048, 4024, FULL, compression(32767), CFA)]),
      exif(6000, 4000),
    ],
  ]);
  const { info, rounds } = probeInRounds(file, DEFAULTS, 1024);
  expect(info).toMatchObject({ format: 'arw', width: 6048 });
  expect(rounds).toBeLessThanOrEqual(3);
});

test('bounds the sub-directories that are read', () => {
  const file = buildTiff([
    picture(8, 8, ...make('NIKON'), long(330, ...Array(100_000).fill(60)), CFA),
  ]);
  expect(probeInRounds(file, EVERYTHING, 64).rounds).toBeLessThan(6);
});
