import { expect, test } from 'vitest';
import { describePixels, type Picture, paint } from './describing.ts';

function distance(a: Picture, b: Picture): number {
  const [one, other] = [a, b].map((p) => BigInt(`0x${describePixels(p).perceptualHash}`));
  return (one! ^ other!).toString(2).replaceAll('0', '').length;
}

/** A scene as a function of where in it one looks, 0 to 1. */
const scene = (u: number, v: number) => [
  255 * u * (1 - v),
  (u - 0.3) ** 2 + (v - 0.6) ** 2 < 0.04 ? 220 : 60 + 100 * v,
  v > 0.8 ? 20 : 180 - 100 * u,
];
const show = (width: number, height: number, look = scene) =>
  paint(width, height, (x, y) => look((x + 0.5) / width, (y + 0.5) / height));

// Computed with ImageHash 4.3.2, phash(), of pictures that it need not scale.
test.each([
  [(x: number, y: number) => (x * x * 5 + y * y * 3 + x * y * 7) >> 2, '8303030f5ffe7c98'],
  [(x: number, y: number) => (x * y * 13 + x * 31) >> 1, '80242e43d72f2f9f'],
  [(x: number, y: number) => x * 7 + y * 3, '94294a5569baeb56'],
  [
    (x: number, y: number) => Math.floor(x / 5) * 57 + Math.floor(y / 7) * 91 + x * y,
    '810b0c0eff98f1f3',
  ],
])('is ImageHash’s (%#)', (grey, expected) => {
  const picture = paint(32, 32, (x, y) => Array(3).fill(grey(x, y)));
  expect(describePixels(picture).perceptualHash).toBe(expected);
});

test('is the same where each pixel is repeated', () => {
  const grey = (x: number, y: number) => Array(3).fill((x * y * 13 + x * 31) >> 1);
  const large = paint(96, 160, (x, y) => grey(Math.floor(x / 3), Math.floor(y / 5)));
  expect(describePixels(large).perceptualHash).toBe('80242e43d72f2f9f');
});

test('stretches pictures of fewer pixels than it has cells', () => {
  const grey = (x: number, y: number) => Array(3).fill(x * 29 + ((x * y * 7) % 50));
  const small = paint(8, 4, grey);
  const large = paint(32, 32, (x, y) => grey(Math.floor(x / 4), Math.floor(y / 8)));
  expect(describePixels(small).perceptualHash).toBe(describePixels(large).perceptualHash);
});

test('stays near where a picture is scaled, whatever the sizes', () => {
  const original = show(320, 240);
  for (const [width, height] of [
    [160, 120],
    [311, 233],
    [100, 75],
    [47, 33],
  ] as const) {
    expect(distance(original, show(width, height))).toBeLessThanOrEqual(4);
  }
});

test('stays near where a picture is lighter', () => {
  const lighter = show(200, 150, (u, v) => scene(u, v).map((c) => c * 0.8 + 40));
  expect(distance(show(200, 150), lighter)).toBeLessThanOrEqual(4);
});

test('is far off for another picture', () => {
  expect(
    distance(
      show(200, 150),
      show(200, 150, (u, v) => scene(v, 1 - u)),
    ),
  ).toBeGreaterThan(16);
});

test('of a flat picture has the first bit only, and of a black one none', () => {
  expect(describePixels(paint(50, 41, () => [9, 99, 200])).perceptualHash).toBe('8000000000000000');
  expect(describePixels(paint(50, 41, () => [0, 0, 0])).perceptualHash).toBe('0000000000000000');
});

test('sees white through what is transparent', () => {
  const half = (alpha: boolean) =>
    paint(40, 40, (x) => (x < 13 ? [20, 10, 60] : alpha ? [0, 0, 0, 0] : [255, 255, 255]));
  expect(distance(half(true), half(false))).toBe(0);
});
