import { expect, test } from 'vitest';
import { DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { bytes, xmpOf } from './boxes.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

type Part = string | number | Uint8Array;

const le16 = (value: number) => bytes(value & 0xff, value >> 8);

/** GIF89a, 18: a screen of 40 × 30, and a global table of 4 colours. */
const gif = (...blocks: Part[]) =>
  bytes('GIF89a', le16(40), le16(30), 0x81, 0, 0, Buffer.alloc(12), ...blocks, 0x3b);

/** 20 to 22: an image descriptor and its data in sub-blocks. */
const image = ({ left = 0, width = 40, height = 30, local = false, data = [5, 255, 1] } = {}) =>
  bytes(
    0x2c,
    ...[le16(left), le16(0), le16(width), le16(height)],
    ...(local ? [0x82, Buffer.alloc(24)] : [0]),
    2,
    ...data.map((length) => bytes(length, Buffer.alloc(length, 0x44))),
    0,
  );

const control = (flags: number) => bytes(0x21, 0xf9, 4, flags, 10, 0, 3, 0);
const comment = (length: number) => bytes(0x21, 0xfe, length, Buffer.alloc(length, 0x2c), 0);

/** XMP Specification Part 3, 1.1.2. */
const TRAILER = bytes(1, ...Array.from({ length: 256 }, (_, i) => 255 - i), 0);
const xmp = (...packet: Part[]) => bytes(0x21, 0xff, 11, 'XMP DataXMP', ...packet);
const RATING = { xmp: { Rating: '4' } };

test('reads the logical screen', () => {
  expect(expectSameInAnyRounds(gif(image()))).toMatchObject({
    format: 'gif',
    mimeType: 'image/gif',
    width: 40,
    height: 30,
    orientation: 1,
    colorspace: 'srgb',
    bands: 3,
    sampleFormat: 'uchar',
    pagesNumber: 1,
  });
});

test('lets the first image enlarge the screen, and no other', () => {
  const size = (...blocks: Part[]) => {
    const { width, height } = probeWhole(gif(...blocks), DIMENSIONS);
    return [width, height];
  };
  expect(size(image({ left: 10, width: 50, height: 60 }))).toEqual([60, 60]);
  expect(size(image(), image({ width: 500 }))).toEqual([40, 30]);
});

test('counts frames past extensions, colour tables and data that look like blocks', () => {
  const frames = Array.from({ length: 9 }, (_, i) => bytes(control(0), image({ local: i > 4 })));
  const info = expectSameInAnyRounds(gif(comment(200), ...frames, comment(3)));
  expect(info).toMatchObject({ pagesNumber: 9, bands: 3 });
});

test('counts what is there of a file that is cut off', () => {
  const file = gif(image(), image(), image());
  expect(probeWhole(file.subarray(0, file.length - 8), EVERYTHING).pagesNumber).toBe(3);
  expect(probeWhole(file.subarray(0, file.length - image().length), EVERYTHING).pagesNumber).toBe(
    2,
  );
});

test('has alpha where a graphic control says that a colour is transparent', () => {
  expect(probeWhole(gif(control(1), image()), EVERYTHING).bands).toBe(4);
  expect(probeWhole(gif(image(), control(1), image()), EVERYTHING).bands).toBe(4);
  // It counts for the image after it only, and there is none.
  expect(probeWhole(gif(image(), control(1)), EVERYTHING).bands).toBe(3);
});

test.each([
  ['as it is, with the trailer that leads over it', xmp(xmpOf(4), TRAILER)],
  ['in sub-blocks', xmp(...inSubBlocks(xmpOf(4)))],
])('reads an XMP packet %s', (_, extension) => {
  const info = expectSameInAnyRounds(gif(extension, image(), image()));
  expect(JSON.parse(info.xmp!)).toEqual(RATING);
  expect(info.pagesNumber).toBe(2);
});

function inSubBlocks(packet: Uint8Array): Part[] {
  const blocks: Part[] = [];
  for (let at = 0; at < packet.length; at += 255) {
    const part = packet.subarray(at, at + 255);
    blocks.push(part.length, part);
  }
  return [...blocks, 0];
}

test('fetches no pixels for dimensions', () => {
  const long = image({ data: Array.from({ length: 2000 }, () => 255) });
  const { info, rounds } = probeInRounds(gif(long, long), DIMENSIONS, 4096);
  expect(info).toMatchObject({ width: 40, height: 30 });
  expect(rounds).toBe(1);
});

test('survives damage', () => {
  expectBoundedUnderDamage(gif(xmp(xmpOf(4), TRAILER), control(1), image(), image()));
});
