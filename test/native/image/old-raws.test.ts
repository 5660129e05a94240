import { describe, expect, test } from 'vitest';
import { DEFAULTS, DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';
import { buildTiff, pointer, rational, short, text } from './tiff_files.ts';

type Order = 'II' | 'MM';

function integer(value: number, length: number, order: Order): Buffer {
  const out = Buffer.alloc(length);
  if (order === 'II') out.writeUIntLE(value, 0, length);
  else out.writeUIntBE(value, 0, length);
  return out;
}

const CANONICAL = { ...EVERYTHING, exifCanonical: true };
const SAMPLES = 100_000;

describe.each<Order>(['MM', 'II'])('MRW (%s)', (order) => {
  const u32 = (value: number) => integer(value, 4, order);
  const block = (name: string, data: Buffer) =>
    Buffer.concat([Buffer.from(`\0${name}`, 'latin1'), u32(data.length), data]);
  const sizes = Buffer.concat([
    Buffer.from('27200001'),
    ...[2456, 3272, 2448, 3264].map((side) => integer(side, 2, order)),
    Buffer.from([12, 12, 0x59, 0, 0, 0, 0, 1]),
  ]);
  const exif = buildTiff(
    [
      [
        text(271, 'Minolta Co., Ltd.'),
        short(274, 6),
        pointer(34665, [rational(33434, 1, 60), text(36867, '2004:11:18 23:14:58')]),
      ],
    ],
    { order },
  );
  const mrw = (...blocks: Buffer[]) =>
    Buffer.concat([
      block(order === 'MM' ? 'MRM' : 'MRI', Buffer.concat(blocks)),
      Buffer.alloc(SAMPLES),
    ]);
  const white = block('WBG', Buffer.alloc(12));
  const file = mrw(block('PRD', sizes), block('TTW', exif), white);

  test('is as large as its picture, and has its EXIF', () => {
    const info = expectSameInAnyRounds(file, CANONICAL);
    expect(info).toMatchObject({
      format: 'mrw',
      mimeType: 'image/x-minolta-mrw',
      raw: true,
      width: 2448,
      height: 3264,
      orientation: 6,
    });
    expect(JSON.parse(info.exif!)).toMatchObject({
      Make: 'Minolta Co., Ltd.',
      ExposureTime: '1/60 sec.',
      DateTimeOriginal: '2004:11:18 23:14:58',
    });
  });

  test('is turned where nothing but dimensions is wanted', () => {
    expect(expectSameInAnyRounds(file, DIMENSIONS)).toMatchObject({ width: 2448, orientation: 6 });
  });

  test('takes one round and one more for a header that is longer than the first range', () => {
    expect(probeInRounds(file, DEFAULTS, 4096).rounds).toBe(1);
    const long = mrw(block('PRD', sizes), block('PAD', Buffer.alloc(9000)), block('TTW', exif));
    expect(probeInRounds(long, DEFAULTS, 4096)).toMatchObject({ rounds: 2 });
  });

  test('is none without sizes, and does no harm when damaged', () => {
    expect(() => probeWhole(mrw(block('TTW', exif)))).toThrow('no dimensions');
    expectBoundedUnderDamage(file.subarray(0, file.length - SAMPLES));
  });
});

describe.each<Order>(['II', 'MM'])('CRW (%s)', (order) => {
  const u16 = (value: number) => integer(value, 2, order);
  const u32 = (value: number) => integer(value >>> 0, 4, order);

  /** A heap of records, each a tag and its value; those of a tag with bit 14 stand in the directory. */
  function heap(...records: [number, Buffer][]): Buffer {
    const parts: Buffer[] = [];
    const table = [u16(records.length)];
    let length = 0;
    for (const [tag, value] of records) {
      table.push(u16(tag));
      if (tag & 0x4000) {
        table.push(value);
        continue;
      }
      table.push(u32(value.length), u32(length));
      parts.push(value);
      length += value.length;
    }
    return Buffer.concat([...parts, ...table, u32(length)]);
  }
  const imageInfo = (degrees: number) =>
    Buffer.concat([u32(2272), u32(1704), u32(0x3f800000), u32(degrees), Buffer.alloc(12)]);
  const crw = (degrees = 0, samples = SAMPLES) =>
    Buffer.concat([
      Buffer.from(order),
      u32(26),
      Buffer.from('HEAPCCDR'),
      u32(0x10002),
      Buffer.alloc(8),
      heap(
        [0x2005, Buffer.alloc(samples)],
        [
          0x300a,
          heap(
            [0x1810, imageInfo(degrees)],
            [0x180e, Buffer.concat([u32(1_114_278_876), u32(0), u32(0)])],
            [0x5804, Buffer.alloc(8)],
            [0x2807, heap([0x080a, Buffer.from('Canon\0Canon PowerShot S40\0\0\0')])],
          ),
        ],
      ),
    ]);

  test('is as large as it says, and has what EXIF has the same of', () => {
    const info = expectSameInAnyRounds(crw(), CANONICAL);
    expect(info).toMatchObject({
      format: 'crw',
      mimeType: 'image/x-canon-crw',
      raw: true,
      width: 2272,
      height: 1704,
      orientation: 1,
    });
    expect(JSON.parse(info.exif!)).toEqual({
      Make: 'Canon',
      Model: 'Canon PowerShot S40',
      DateTimeOriginal: '2005:04:23 17:54:36',
    });
  });

  test.each([
    [90, 6],
    [-270, 6],
    [180, 3],
    [270, 8],
    [-90, 8],
    [45, 1],
  ])('that is to be turned by %i degrees has orientation %i', (degrees, orientation) => {
    const [width, height] = orientation >= 5 ? [1704, 2272] : [2272, 1704];
    expect(expectSameInAnyRounds(crw(degrees), DIMENSIONS)).toMatchObject({
      width,
      height,
      orientation,
    });
  });

  test('takes two rounds, and little more than its end', () => {
    const { rounds, bytes } = probeInRounds(crw(), DEFAULTS, 4096);
    expect(rounds).toBe(2);
    expect(bytes).toBeLessThan(40_000);
  });

  test('is none without sizes, and does no harm when damaged', () => {
    expect(() => probeWhole(crw().subarray(0, 3000))).toThrow();
    expectBoundedUnderDamage(crw(90, 100));
  });
});

describe('X3F', () => {
  const u32 = (value: number) => integer(value, 4, 'II');

  /** The preview that a camera makes: EXIF, a frame, and no picture. */
  const exif = buildTiff([[text(271, 'SIGMA'), pointer(34665, [rational(33434, 1, 100)])]]);
  const segment = (marker: number, data: Buffer) =>
    Buffer.concat([Buffer.from([0xff, marker]), integer(data.length + 2, 2, 'MM'), data]);
  const preview = Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif])),
    segment(0xc0, Buffer.from([8, 0, 9, 0, 12, 1, 1, 0x11, 0])),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.alloc(3000, 0x55),
    Buffer.from([0xff, 0xd9]),
  ]);

  function x3f(major: number, degrees: number, samples = SAMPLES, format = 18): Buffer {
    const head: Buffer[] = [Buffer.from('FOVb'), u32(major << 16), Buffer.alloc(20)];
    if (major >= 4) head.push(Buffer.alloc(12));
    head.push(u32(2640), u32(1760), u32(degrees), Buffer.alloc(64));
    const image = (kind: number, data: Buffer) =>
      Buffer.concat([Buffer.from('SECi'), u32(0x20000), u32(2), u32(kind), Buffer.alloc(12), data]);
    const sections: [string, Buffer][] = [
      ['IMAG', image(30, Buffer.alloc(samples))],
      ['IMA2', image(format, preview)],
      ['PROP', Buffer.from('SECp')],
    ];
    const parts: Buffer[] = [Buffer.concat(head)];
    const entries: Buffer[] = [];
    let at = parts[0]!.length;
    for (const [kind, data] of sections) {
      entries.push(u32(at), u32(data.length), Buffer.from(kind));
      parts.push(data);
      at += data.length;
    }
    const directory = [Buffer.from('SECd'), u32(0x20000), u32(sections.length), ...entries];
    return Buffer.concat([...parts, ...directory, u32(at)]);
  }

  test.each([
    [2, 0, 1],
    [3, 90, 6],
    [4, 180, 3],
    [4, 270, 8],
  ])('of version %i, to be turned by %i degrees, has orientation %i', (major, degrees, orientation) => {
    const [width, height] = orientation >= 5 ? [1760, 2640] : [2640, 1760];
    const info = expectSameInAnyRounds(x3f(major, degrees), CANONICAL);
    expect(info).toMatchObject({
      format: 'x3f',
      mimeType: 'image/x-sigma-x3f',
      raw: false,
      width,
      height,
      orientation,
    });
    expect(JSON.parse(info.exif!)).toMatchObject({ Make: 'SIGMA', ExposureTime: '1/100 sec.' });
  });

  test('has no EXIF where its preview is no JPEG', () => {
    expect(expectSameInAnyRounds(x3f(3, 0, 1000, 11)).exif).toBe('{}');
  });

  test('is told by its header where nothing but dimensions is wanted', () => {
    expect(probeInRounds(x3f(3, 0), DIMENSIONS, 4096)).toMatchObject({ rounds: 1 });
  });

  test('takes its directory, its sections’ kinds and its preview in a round each', () => {
    const { rounds, bytes } = probeInRounds(x3f(3, 0), DEFAULTS, 4096);
    expect(rounds).toBe(4);
    expect(bytes).toBeLessThan(30_000);
  });

  test('does no harm when damaged', () => {
    expectBoundedUnderDamage(x3f(3, 90, 100));
  });
});
