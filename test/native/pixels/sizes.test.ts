import { expect, test } from 'vitest';
import { describePixels, noise, paint } from './describing.ts';

test.each([
  [0, 0],
  [0, 9],
  [9, 0],
])('of %i x %i pixels there is nothing to say', (width, height) => {
  const picture = { width, height, rgba: new Uint8Array() };
  expect(describePixels(picture)).toEqual({
    average: [0, 0, 0, 0],
    averageOfVisible: [0, 0, 0, 0],
    palette: [],
    dominantColors: {},
    builtColors: {},
    blurhash: '',
    thumbHash: '',
    perceptualHash: '',
    transparency: false,
  });
});

test('a fully transparent picture has no colour', () => {
  expect(describePixels(paint(33, 21, (x, y) => [x, y, 7, 0]))).toMatchObject({
    average: [0, 0, 0, 0],
    averageOfVisible: [0, 0, 0, 0],
    palette: [[0, 0, 0, 0]],
    dominantColors: {},
    builtColors: {},
    blurhash: expect.stringMatching(/^L.TSUA/),
    thumbHash: expect.stringMatching(/^[0-9A-F]{46}$/),
    perceptualHash: '8000000000000000',
    transparency: true,
  });
});

test.each([
  [1, 1],
  [1, 2000],
  [2000, 1],
  [31, 33],
  [257, 3],
])('noise of %i x %i pixels has all of it', (width, height) => {
  for (const opaque of [true, false]) {
    const asked = { colors: 256, x: 9, y: 9 };
    const description = describePixels(noise(width, height, 11, opaque), asked);
    expect(description.palette.length).toBeGreaterThan(0);
    expect(description.palette.length).toBeLessThanOrEqual(Math.min(256, width * height));
    expect(description.blurhash).toHaveLength(6 + 2 * 80);
    expect(description.thumbHash).toMatch(/^([0-9A-F]{2}){10,25}$/);
    expect(description.perceptualHash).toMatch(/^[0-9a-f]{16}$/);
    expect(description.transparency).toBe(!opaque);
  }
});
