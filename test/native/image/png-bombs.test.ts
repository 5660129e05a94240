import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { EVERYTHING, probeInRounds } from '../probing.ts';
import { be, bytes, exifOf } from './boxes.ts';

const MEBIBYTE = 1 << 20;

function chunk(type: string, ...contents: (string | number | Uint8Array)[]): Buffer {
  const body = bytes(type, ...contents);
  return bytes(be(body.length - 4, 4), body, be(crc32(body), 4));
}

const png = (...chunks: Uint8Array[]) =>
  bytes(
    '\x89PNG\r\n\x1a\n',
    chunk('IHDR', be(640, 4), be(480, 4), 8, 2, 0, 0, 0),
    ...chunks,
    chunk('IDAT', Buffer.alloc(10)),
    chunk('IEND'),
  );

const profile = (text: string | Uint8Array) =>
  chunk('zTXt', 'Raw profile type exif\0\0', deflateSync(bytes(text), { level: 9 }));

const EXIF = bytes('Exif\0\0', exifOf(6));
const turned = profile(`\nexif\n${EXIF.length}\n${EXIF.toString('hex')}\n`);
const blank = (length: number) => profile(Buffer.alloc(length, 0x20));

test('passes over profiles that are none, however much they inflate to', () => {
  const file = png(blank(MEBIBYTE), blank(MEBIBYTE), turned);
  expect(probeInRounds(file).info).toMatchObject({ width: 480, height: 640, orientation: 6 });
});

test('inflates no more of all texts than of one', () => {
  const file = png(...Array.from({ length: 4 }, () => blank(8 * MEBIBYTE)), turned);
  expect(probeInRounds(file).info).toMatchObject({ width: 640, height: 480, orientation: 1 });
});

test('looks at no colour profile, and at some thousand chunks at most', () => {
  const bomb = deflateSync(Buffer.alloc(64 * MEBIBYTE), { level: 9 });
  const texts = Buffer.alloc(15 * 1_000_000, chunk('tEXt', 'a\0b'));
  const file = png(chunk('iCCP', 'x\0\0', bomb), texts, turned);
  const { info, bytes: fetched, rounds } = probeInRounds(file, EVERYTHING);
  expect(info).toMatchObject({ format: 'png', width: 640, height: 480, orientation: 1 });
  expect(fetched).toBeLessThan(MEBIBYTE);
  expect(rounds).toBeLessThan(10);
});
