import { decode, encode } from 'blurhash';
import { expect, test } from 'vitest';
import { describePixels, noise, type Picture, paint } from './describing.ts';

function ofLibrary({ width, height, rgba }: Picture, x: number, y: number): string {
  return encode(new Uint8ClampedArray(rgba), width, height, x, y);
}

/** Pictures whose largest component is a positive one in some cases, and in others not. */
function pictures(): Picture[] {
  return [
    paint(40, 30, (x, y) => [255 - x * 6, 255 - y * 8, 255 - ((x * y) >> 2)]),
    paint(64, 20, (x, y) => [(x - 32) ** 2 / 4, 200 - y * 9, 30]),
    ...Array.from({ length: 8 }, (_, seed) => noise(13 + seed, 31 - seed, seed)),
  ];
}

test('is what the library has, wherever that scales by the same component', () => {
  let same = 0;
  for (const picture of pictures()) {
    for (const [x, y] of [
      [4, 3],
      [9, 9],
      [1, 9],
    ] as const) {
      const ours = describePixels(picture, { x, y }).blurhash;
      const theirs = ofLibrary(picture, x, y);
      // It scales by the largest positive component, others by the largest of either sign.
      if (ours[1] === theirs[1]) {
        expect(ours).toBe(theirs);
        same++;
      } else {
        expect(ours.slice(2, 6)).toBe(theirs.slice(2, 6));
      }
    }
  }
  expect(same).toBeGreaterThan(8);
});

// Computed with the C encoder of woltapp/blurhash.
const wild = (x: number, y: number) => [255 - ((x * x * 5 + y) & 255), x * 13 + y * 29, x * y * 7];
const slope = (x: number, y: number) => [x * 6, y * 8, (x * y) >> 2];
test.each([
  [40, 30, 4, 3, slope, 'LqG91j2kwzX7l?Wajrf6gLfifPfl'],
  [30, 40, 1, 1, slope, '00B}W{'],
  [40, 30, 4, 3, wild, 'LKIhKk]j,B|G$yawS0w]WSR%a}n7'],
  [
    17,
    23,
    5,
    7,
    wild,
    'wcJ@Xl|s{x-6|FkQr=$MniWDW*eVnRjba%$yniX8oMspk6ifikbIjIsBmZtPkkjJa0gLpYjJbY',
  ],
  [1, 9, 3, 3, wild, 'K~S.6D~h~h*,*,*,j@j@j@'],
  [40, 30, 2, 1, (x: number) => [x * 6, x * 6, x * 6], '1qG95C00'],
] as const)('of %i x %i pixels with %i x %i components is the reference’s', (...row) => {
  const [width, height, x, y, pixel, expected] = row;
  expect(describePixels(paint(width, height, pixel), { x, y }).blurhash).toBe(expected);
});

test('decodes to the picture', () => {
  const picture = paint(40, 30, (x, y) => [x * 6, y * 8, 100]);
  const pixels = decode(describePixels(picture, { x: 9, y: 9 }).blurhash, 40, 30);
  let error = 0;
  for (const [at, byte] of pixels.entries()) error += Math.abs(byte - picture.rgba[at]!);
  expect(error / pixels.length).toBeLessThan(12);
});

test('of a flat picture is the library’s', () => {
  const flat = paint(7, 5, () => [18, 52, 86]);
  expect(describePixels(flat).blurhash).toBe(ofLibrary(flat, 4, 3));
});

test('sees white through what is transparent', () => {
  const half = (alpha: boolean) =>
    paint(20, 20, (x) => (x < 10 ? [200, 10, 60] : alpha ? [0, 255, 0, 0] : [255, 255, 255]));
  expect(describePixels(half(true)).blurhash).toBe(describePixels(half(false)).blurhash);
});
