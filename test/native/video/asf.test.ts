import { expect, test } from 'vitest';
import { xmpOf } from '../image/boxes.ts';
import { expectBoundedUnderDamage } from '../image/damage.ts';
import { DIMENSIONS, probeInRounds, probeWhole } from '../probing.ts';

/** A GUID as the file has it: the first three groups little-endian. */
function guid(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

function object(id: string, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(24 + body.length));
  return Buffer.concat([guid(id), length, body]);
}

const numbers = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
const XMP = object('BE7ACFCB-97A9-42E8-9C71-999491E3AFAC', xmpOf(4));
const INDEX = object('33000890-E5B1-11CF-89F4-00A0C90349CB', Buffer.alloc(200));
const NO_CORRECTION = guid('20FB5700-5B55-11CF-A8FD-00805F5C442B');

/** ASF 01.20.05, 3.2: 10 s, packets of 3200 bytes. */
const FILE = object(
  '8CABDCA1-A947-11CF-8EE4-00C00C205365',
  Buffer.alloc(16),
  numbers(0, 0, 0, 0, 1, 0, 100_000_000, 0, 100_000_000, 0, 0, 0, 2, 3200, 3200, 64_000),
);

/** 3.3 and 9.2: video of 64 × 48. */
const bitmap = Buffer.concat([
  numbers(40, 64, 48, (24 << 16) | 1),
  Buffer.from('WMV3'),
  numbers(0, 0, 0, 0, 0),
]);
const format = Buffer.concat([numbers(64, 48), Buffer.from([2, 40, 0]), bitmap]);
const VIDEO = object(
  'B7DC0791-A9B7-11CF-8EE6-00C00C205365',
  guid('BC19EFC0-5B4D-11CF-A8FD-00805F5C442B'),
  NO_CORRECTION,
  numbers(0, 0, format.length, 0),
  Buffer.from([1, 0, 0, 0, 0, 0]),
  format,
);

function asf(inHeader: Uint8Array[], behind: Uint8Array[], dataLength = 3200): Buffer {
  const objects = [FILE, VIDEO, ...inHeader];
  const fields = Buffer.from([objects.length, 0, 0, 0, 1, 2]);
  return Buffer.concat([
    object('75B22630-668E-11CF-A6D9-00AA0062CE6C', fields, ...objects),
    object(
      '75B22636-668E-11CF-A6D9-00AA0062CE6C',
      Buffer.alloc(24),
      Buffer.from([1, 1]),
      Buffer.alloc(dataLength),
    ),
    ...behind,
  ]);
}

test.each([
  ['in the header', asf([XMP], [])],
  ['behind the data', asf([], [XMP])],
  ['behind an index', asf([], [INDEX, XMP])],
  ['behind much data', asf([], [INDEX, XMP], 3_200_000)],
])('reads XMP %s', (_, file) => {
  const { info, rounds } = probeInRounds(file);
  expect(info).toMatchObject({ format: 'asf', width: 64, height: 48 });
  expect(JSON.parse(info.xmp!)).toEqual({ xmp: { Rating: '4' } });
  expect(rounds).toBeLessThanOrEqual(4);
});

test('looks behind the data for XMP only', () => {
  const file = asf([], [INDEX, XMP], 3_200_000);
  expect(probeInRounds(file, DIMENSIONS).rounds).toBe(1);
});

test('ends at an object of no length', () => {
  const file = asf([], [Buffer.alloc(64)]);
  expect(probeWhole(file).xmp).toBeUndefined();
});

test('survives damage', () => {
  expectBoundedUnderDamage(asf([XMP], [XMP]), 400);
});
