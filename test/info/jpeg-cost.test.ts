import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { peek } from '../../src/info/peek.ts';
import { probe, type Wanted } from '../../src/native.ts';
import { planRequests } from '../../src/source/range.ts';
import { CORPUS, entries, hasCorpus } from '../corpus.ts';
import { DEFAULTS, DIMENSIONS } from '../native/probing.ts';
import { MemorySource } from './memory-source.ts';

const LIMITS = { maxRounds: 16, maxBytes: 128 * 1024 * 1024 };
const FIRST_RANGE = 65_536;
const MIB = 1024 * 1024;

/** What a file costs an HTTP origin. */
async function measure(file: Uint8Array, wanted: Wanted) {
  const source = new MemorySource(file);
  const { info, rounds, cut } = await peek(source.opened(FIRST_RANGE), wanted, LIMITS, probe);
  const requests = source.reads.flatMap((ranges) => planRequests(ranges, file.length));
  const bytes = requests.reduce((sum, { length }) => sum + length, FIRST_RANGE);
  return { info, rounds, cut, requests, bytes };
}

function segment(marker: number, ...parts: (Uint8Array | string)[]): Buffer {
  const payload = Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1')));
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([header, payload]);
}

function be32(...values: number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) out.writeUInt32BE(value, 4 * index);
  return out;
}

/** A block of `length` bytes in segments of `portion`, each with what `head` puts before it. */
function split(
  marker: number,
  length: number,
  portion: number,
  head: (index: number, count: number) => Uint8Array,
  block = Buffer.alloc(length),
): Buffer[] {
  const count = Math.ceil(length / portion);
  return Array.from({ length: count }, (_, index) =>
    segment(marker, head(index, count), block.subarray(index * portion, (index + 1) * portion)),
  );
}

/** ICC.1:2022, B.4 and 7.2.2: the first field of a profile is its length. */
const profile = (length: number) =>
  split(
    0xe2,
    length,
    65_519,
    (index, count) =>
      Buffer.concat([Buffer.from('ICC_PROFILE\0'), Buffer.from([index + 1, count])]),
    Buffer.concat([be32(length), Buffer.alloc(length - 4)]),
  );

/** XMP Specification Part 3, 1.1.3.1. */
const extendedXmp = (length: number) =>
  split(0xe1, length, 65_400, (index) =>
    Buffer.concat([
      Buffer.from(`http://ns.adobe.com/xmp/extension/\0${'A'.repeat(32)}`),
      be32(length, index * 65_400),
    ]),
  );

/** Resources of Photoshop, which no profile's length tells the way past. */
const resources = (length: number) =>
  split(0xed, length, 65_000, () => Buffer.from('Photoshop 3.0\0'));

/** A JPEG of 3 × 2 pixels with 3 MiB of scan. */
function jpegBehind(segments: readonly Buffer[]) {
  const frame = Buffer.from('ffc0000b080002000301011100', 'hex');
  const scan = Buffer.from('ffda0008010100003f00', 'hex');
  const header = Buffer.concat([Buffer.from('ffd8', 'hex'), ...segments, frame, scan]);
  return { file: Buffer.concat([header, Buffer.alloc(3 * MIB, 0x55)]), scan: header.length };
}

describe('without metadata a JPEG costs what its frame header costs', () => {
  test.each([
    ['a colour profile', profile(2 * MIB)],
    ['extended XMP', extendedXmp(2 * MIB)],
  ])('behind 2 MiB of %s', async (_, segments) => {
    const { file } = jpegBehind(segments);
    const { info, rounds, requests, bytes } = await measure(file, DIMENSIONS);
    expect(info).toMatchObject({ width: 3, height: 2 });
    expect([rounds, requests.length]).toEqual([2, 1]);
    expect(bytes).toBeLessThanOrEqual(FIRST_RANGE + 4096);
  });

  // Nothing tells how many follow, but that two were of one length.
  test.each([
    ['APP13', 0xed, 65_000],
    ['APP15 of the greatest length', 0xef, 65_533],
    ['comments of the greatest length', 0xfe, 65_533],
  ])('behind 2 MiB of %s, in 4 rounds and a tenth of the bytes', async (_, marker, portion) => {
    const { file } = jpegBehind(split(marker, 2 * MIB, portion, () => Buffer.alloc(0)));
    const { info, cut, rounds, requests, bytes } = await measure(file, DIMENSIONS);
    expect(info).toMatchObject({ width: 3, height: 2 });
    expect(cut).toBe(false);
    expect(rounds).toBeLessThanOrEqual(4);
    expect(requests.length).toBeLessThanOrEqual(33);
    expect(bytes).toBeLessThanOrEqual(215_000);
  });

  // A guess costs a request for each segment. Beyond some MiB they are read, in runs that double.
  test.each([4, 8, 16, 32, 64])('behind %i MiB of them, and is not cut short', async (mib) => {
    const { file, scan } = jpegBehind(resources(mib * MIB));
    const { info, cut, rounds, requests, bytes } = await measure(file, DIMENSIONS);
    expect(info).toMatchObject({ width: 3, height: 2 });
    expect(cut).toBe(false);
    expect(rounds).toBeLessThanOrEqual(15);
    expect(requests.length).toBeLessThanOrEqual(110);
    expect(bytes).toBeLessThanOrEqual(mib <= 4 ? 500_000 : scan + FIRST_RANGE);
  });

  test('behind segments of many lengths, in runs that double', async () => {
    const segments = Array.from({ length: 60 }, (_, i) =>
      segment(0xef, Buffer.alloc(40_000 + 400 * (i % 7))),
    );
    const { file, scan } = jpegBehind(segments);
    const { info, cut, rounds, requests, bytes } = await measure(file, DIMENSIONS);
    expect(info).toMatchObject({ width: 3, height: 2 });
    expect(cut).toBe(false);
    expect(rounds).toBeLessThanOrEqual(11);
    expect(requests.length).toBeLessThanOrEqual(10);
    expect(bytes).toBeLessThanOrEqual(2 * scan + FIRST_RANGE);
  });

  test('behind two segments of one length and no more, where frame headers stand as if there were', async () => {
    const { file, scan } = jpegBehind([...resources(2 * 65_000), segment(0xfe, 'not so long')]);
    const stride = 65_000 + 18;
    const forged = Buffer.from('ffc0000b080009000901011100', 'hex');
    for (let at = 2 + 3 * stride; at < scan + 30 * stride; at += stride) forged.copy(file, at);
    const { info, rounds, requests, bytes } = await measure(file, DIMENSIONS);
    expect(info).toMatchObject({ width: 3, height: 2 });
    expect(rounds).toBeLessThanOrEqual(3);
    expect(requests.length).toBeLessThanOrEqual(9);
    expect(bytes).toBeLessThanOrEqual(FIRST_RANGE + 40 * 1024);
  });
});

describe.skipIf(!hasCorpus)('with default options', () => {
  test('of each JPEG of the corpus no more of the scan is fetched than the way to the next segment may take', async () => {
    const jpegs = entries.filter(({ path }) => path.startsWith('jpeg/'));
    expect(jpegs.length).toBeGreaterThan(50);
    let later = 0;
    for (const { path } of jpegs) {
      const file = readFileSync(CORPUS + path);
      const { requests } = await measure(file, DEFAULTS);
      const scan = findScan(file);
      for (const { offset, length } of requests) {
        later++;
        // A request is rounded up, and what reads on takes half as much again (native/image/hops.h).
        const most = Math.max(4096, length / 2);
        expect(offset + length - Math.max(offset, scan), path).toBeLessThanOrEqual(most);
      }
    }
    expect(later).toBeGreaterThan(0);
  });
});

/** Where the first scan's data begins (ITU-T T.81, B.1.1.4); segments are stepped over. */
function findScan(file: Buffer): number {
  let at = 2;
  while (at + 4 <= file.length) {
    const marker = file.readUInt16BE(at);
    if (marker === 0xffff || marker >> 8 !== 0xff) {
      at++;
      continue;
    }
    at += 2 + file.readUInt16BE(at + 2);
    if (marker === 0xffda) return at;
  }
  return file.length;
}
