import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

/** A FITS header-data unit. */
function unit(cards: Record<string, string | number>, data = 0): Buffer {
  const lines = Object.entries(cards).map(([key, value]) =>
    `${key.padEnd(8)}= ${String(value).padStart(20)} / comment`.padEnd(80),
  );
  const header = Buffer.from([...lines, 'END'.padEnd(80)].join(''), 'latin1');
  const padding = Buffer.alloc((2880 - (header.length % 2880)) % 2880, ' ');
  return Buffer.concat([header, padding, Buffer.alloc(Math.ceil(data / 2880) * 2880)]);
}

test.each([
  [{ BITPIX: 8, NAXIS: 2 }, 'b-w', 1, 'uchar'],
  [{ BITPIX: 16, NAXIS: 2 }, 'b-w', 1, 'short'],
  [{ BITPIX: 16, NAXIS: 2, BZERO: 32768, BSCALE: '1.0' }, 'grey16', 1, 'ushort'],
  [{ BITPIX: 16, NAXIS: 2, BZERO: '3.2768D4' }, 'grey16', 1, 'ushort'],
  [{ BITPIX: 16, NAXIS: 3, NAXIS3: 3, BZERO: 32768 }, 'rgb16', 3, 'ushort'],
  [{ BITPIX: 32, NAXIS: 2 }, 'b-w', 1, 'int'],
  [{ BITPIX: 16, NAXIS: 2, BSCALE: 0.5 }, 'b-w', 1, 'float'],
  [{ BITPIX: -32, NAXIS: 3, NAXIS3: 3 }, 'srgb', 3, 'float'],
  [{ BITPIX: -64, NAXIS: 3, NAXIS3: 7 }, 'multiband', 7, 'double'],
])('reads FITS with %j', (cards, colorspace, bands, sampleFormat) => {
  const file = unit({ SIMPLE: 'T', NAXIS1: 5, NAXIS2: 3, ...cards }, 2880);
  expect(expectSameInAnyRounds(file)).toMatchObject({
    format: 'fits',
    mimeType: 'image/fits',
    width: 5,
    height: 3,
    colorspace,
    bands,
    sampleFormat,
  });
});

test('finds the first FITS unit that holds an image, without the data between', () => {
  const table = { XTENSION: "'BINTABLE'", BITPIX: 8, NAXIS: 2, NAXIS1: 1000, NAXIS2: 1000 };
  const file = Buffer.concat([
    unit({ SIMPLE: 'T', BITPIX: 8, NAXIS: 0 }),
    unit({ ...table, PCOUNT: 0, GCOUNT: 1, TFIELDS: 0 }, 1_000_000),
    unit({ XTENSION: "'IMAGE   '", BITPIX: 16, NAXIS: 2, NAXIS1: 5, NAXIS2: 3 }, 2880),
  ]);
  const { info, rounds, bytes } = probeInRounds(file, EVERYTHING, 16384);
  expect(info).toMatchObject({ width: 5, height: 3, sampleFormat: 'short' });
  expect(rounds).toBe(2);
  expect(bytes).toBeLessThan(50_000);
});

test('reads an image that is compressed into a FITS table', () => {
  const file = Buffer.concat([
    unit({ SIMPLE: 'T', BITPIX: 8, NAXIS: 0 }),
    unit({
      XTENSION: "'BINTABLE'",
      BITPIX: 8,
      NAXIS: 2,
      NAXIS1: 8,
      NAXIS2: 3,
      ZIMAGE: 'T',
      ZBITPIX: -32,
      ZNAXIS: 2,
      ZNAXIS1: 5,
      ZNAXIS2: 3,
    }),
  ]);
  expect(probeWhole(file, EVERYTHING)).toMatchObject({
    width: 5,
    height: 3,
    sampleFormat: 'float',
  });
});

/** One DICOM element: explicit where `vr` is given. */
function element(tag: number, vr: string | undefined, value: Buffer, undefinedLength = false) {
  const length = undefinedLength ? 0xffffffff : value.length;
  const long = ['OB', 'OW', 'SQ', 'UN', 'UT'].includes(vr ?? '');
  const header = Buffer.alloc(vr && long ? 12 : 8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  if (!vr) header.writeUInt32LE(length, 4);
  else if (long) {
    header.write(vr, 4, 'latin1');
    header.writeUInt32LE(length, 8);
  } else {
    header.write(vr, 4, 'latin1');
    header.writeUInt16LE(length, 6);
  }
  return Buffer.concat([header, value]);
}

const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8]);

/** A sequence of undefined length, its items and an inner sequence of undefined length too. */
function sequence(tag: number, explicit: boolean, depth = 2): Buffer {
  const inner =
    depth > 1
      ? sequence(0x00081140, explicit, depth - 1)
      : element(0x00280010, explicit ? 'US' : undefined, u16(999));
  const items = [
    element(0xfffee000, undefined, Buffer.alloc(6)),
    element(0xfffee000, undefined, inner, true),
    element(0xfffee00d, undefined, Buffer.alloc(0)),
    element(0xfffee0dd, undefined, Buffer.alloc(0)),
  ];
  return element(tag, explicit ? 'SQ' : undefined, Buffer.concat(items), true);
}

function dataset(explicit: boolean, { bits = 16, samples = 1, photometric = 'MONOCHROME2 ' } = {}) {
  const vr = (name: string) => (explicit ? name : undefined);
  return Buffer.concat([
    element(0x00080008, vr('CS'), Buffer.from('ORIGINAL')),
    sequence(0x00081110, explicit),
    element(0x00090010, vr('UN'), Buffer.alloc(300)),
    element(0x00280002, vr('US'), u16(samples)),
    element(0x00280004, vr('CS'), Buffer.from(photometric)),
    element(0x00280010, vr('US'), u16(3)),
    element(0x00280011, vr('US'), u16(5)),
    element(0x00280100, vr('US'), u16(bits)),
    element(0x00280103, vr('US'), u16(0)),
    element(0x7fe00010, vr('OW'), Buffer.alloc(30)),
  ]);
}

function dicom(syntax: string, data: Buffer): Buffer {
  const uid = Buffer.from(syntax.length % 2 ? `${syntax}\0` : syntax);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(0x00020001, 'OB', Buffer.from([0, 1])),
    element(0x00020010, 'UI', uid),
    data,
  ]);
}

test.each([
  ['explicit', dicom('1.2.840.10008.1.2.1', dataset(true)), 'grey16', 1, 'ushort'],
  ['implicit', dicom('1.2.840.10008.1.2', dataset(false)), 'grey16', 1, 'ushort'],
  [
    'deflated',
    dicom('1.2.840.10008.1.2.1.99', deflateRawSync(dataset(true))),
    'grey16',
    1,
    'ushort',
  ],
  [
    'RGB',
    dicom(
      '1.2.840.10008.1.2.4.50',
      dataset(true, { bits: 8, samples: 3, photometric: 'YBR_FULL' }),
    ),
    'srgb',
    3,
    'uchar',
  ],
  [
    'palette',
    dicom('1.2.840.10008.1.2.1', dataset(true, { bits: 8, photometric: 'PALETTE COLOR ' })),
    'srgb',
    3,
    'uchar',
  ],
])('reads %s DICOM', (_, file, colorspace, bands, sampleFormat) => {
  expect(expectSameInAnyRounds(file)).toMatchObject({
    format: 'dicom',
    mimeType: 'application/dicom',
    width: 5,
    height: 3,
    colorspace,
    bands,
    sampleFormat,
  });
});

test('steps over a large DICOM element', () => {
  const large = element(0x00091010, 'OB', Buffer.alloc(1_000_000));
  const file = dicom('1.2.840.10008.1.2.1', Buffer.concat([large, dataset(true)]));
  const { info, rounds, bytes } = probeInRounds(file, DIMENSIONS, 4096);
  expect(info).toMatchObject({ width: 5, height: 3 });
  expect(rounds).toBe(2);
  expect(bytes).toBeLessThan(10_000);
});

test('refuses DICOM sequences that nest without end', () => {
  const open = Buffer.concat([
    element(0x00081110, 'SQ', Buffer.alloc(0), true),
    element(0xfffee000, undefined, Buffer.alloc(0), true),
  ]);
  const file = dicom('1.2.840.10008.1.2.1', Buffer.concat(Array(1000).fill(open)));
  expect(() => probeWhole(file)).toThrow('too deep');
});

test('survives damage', () => {
  expectBoundedUnderDamage(unit({ SIMPLE: 'T', BITPIX: 8, NAXIS: 2, NAXIS1: 5, NAXIS2: 3 }, 2880));
  expectBoundedUnderDamage(dicom('1.2.840.10008.1.2.1', dataset(true)));
  expectBoundedUnderDamage(dicom('1.2.840.10008.1.2', dataset(false)));
  expectBoundedUnderDamage(dicom('1.2.840.10008.1.2.1.99', deflateRawSync(dataset(true))));
});
