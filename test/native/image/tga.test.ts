import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { probeSync } from '../../../src/native.ts';
import { DIMENSIONS, probeInRounds, probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

const SIGNATURE = Buffer.from('TRUEVISION-XFILE.\0', 'latin1');

/** A TGA of 40 × 30 pixels. */
function tga({ type = 2, depth = 24, descriptor = 0, map = [0, 0, 0, 0], data = -1 }): Buffer {
  const header = Buffer.alloc(18);
  header[1] = map[0]!;
  header[2] = type;
  header.writeUInt16LE(map[1]!, 3);
  header.writeUInt16LE(map[2]!, 5);
  header[7] = map[3]!;
  header.writeUInt16LE(40, 12);
  header.writeUInt16LE(30, 14);
  header[16] = depth;
  header[17] = descriptor;
  const mapBytes = map[2]! * Math.ceil(map[3]! / 8);
  const pixels = data < 0 ? 40 * 30 * Math.ceil(depth / 8) : data;
  return Buffer.concat([header, Buffer.alloc(mapBytes + pixels, 0x55)]);
}

test.each([
  ['true colour', tga({}), 'srgb', 3],
  ['true colour with alpha', tga({ depth: 32, descriptor: 0x28 }), 'srgb', 4],
  ['alpha of fewer bits', tga({ depth: 32, descriptor: 0x24 }), 'srgb', 4],
  ['16 bits', tga({ depth: 16, descriptor: 1 }), 'srgb', 4],
  ['grey', tga({ type: 3, depth: 8 }), 'b-w', 1],
  ['a colour map', tga({ type: 1, depth: 8, map: [1, 0, 256, 24] }), 'srgb', 3],
  ['runs', tga({ type: 10, data: 1500 }), 'srgb', 3],
])('reads %s', (_, file, colorspace, bands) => {
  expect(expectSameInAnyRounds(file)).toMatchObject({
    format: 'tga',
    mimeType: 'image/x-tga',
    width: 40,
    height: 30,
    orientation: 1,
    colorspace,
    bands,
    sampleFormat: 'uchar',
  });
});

test('reads a file with much behind the pixels by the signature at its end', () => {
  const file = Buffer.concat([tga({}), Buffer.alloc(100_000), SIGNATURE]);
  const { info, rounds, bytes } = probeInRounds(file, DIMENSIONS, 4096);
  expect(info).toMatchObject({ format: 'tga', width: 40, height: 30 });
  expect(rounds).toBe(2);
  expect(bytes).toBe(4096 + SIGNATURE.length);
  expect(() => probeWhole(Buffer.concat([tga({}), Buffer.alloc(100_000)]))).toThrow();
});

test.each([
  ['the size of the file', tga({ data: 100 })],
  ['the depth', tga({ depth: 25 })],
  ['a colour map without a type for it', tga({ map: [1, 0, 256, 24] })],
  ['a mapped type without a colour map', tga({ type: 1, depth: 8 })],
  ['reserved bits', tga({ descriptor: 0x40 })],
  ['alpha of more bits', tga({ depth: 32, descriptor: 9 })],
  ['alpha bits in 24', tga({ descriptor: 8 })],
  ['an unknown type', tga({ type: 4 })],
])('is no TGA by %s', (_, file) => {
  const result = probeSync([{ offset: 0, data: file }], file.length, DIMENSIONS, true);
  expect(result).not.toMatchObject({ format: 'tga' });
});

test('survives damage', () => {
  expectBoundedUnderDamage(tga({ type: 10, data: 1500 }));
});

const corpus = '../shared/corpus';

describe.skipIf(!existsSync(corpus))('in the corpus', () => {
  test('nothing else is taken for a TGA, cut anywhere', () => {
    for (const folder of readdirSync(corpus, { withFileTypes: true })) {
      if (!folder.isDirectory() || folder.name === 'tga' || folder.name === 'reference') continue;
      for (const name of readdirSync(join(corpus, folder.name))) {
        const file = readFileSync(join(corpus, folder.name, name));
        for (const data of [file, file.subarray(0, 20), file.subarray(0, file.length / 2)]) {
          const result = probeSync([{ offset: 0, data }], data.length, DIMENSIONS, true);
          expect(result, name).not.toMatchObject({ format: 'tga' });
        }
      }
    }
  });
});
