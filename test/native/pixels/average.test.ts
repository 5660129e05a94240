import { expect, test } from 'vitest';
import { describePixels, noise, paint } from './describing.ts';

test('is the mean of each channel, rounded', () => {
  const picture = paint(2, 2, (x, y) => [10 + x, 20 + 2 * y, 255 * x, 255]);
  expect(describePixels(picture).average).toEqual([11, 21, 128, 255]);
});

test('weighs colours by alpha', () => {
  const picture = paint(2, 1, (x) => (x === 0 ? [200, 0, 0, 255] : [0, 100, 0, 51]));
  // Five to one.
  expect(describePixels(picture).average).toEqual([167, 17, 0, 153]);
});

test('takes the mean alpha of all pixels, or of those that are seen', () => {
  const picture = paint(4, 1, (x) => (x === 0 ? [80, 90, 100, 200] : [255, 0, 255, 0]));
  const { average, averageOfVisible } = describePixels(picture);
  expect(average).toEqual([80, 90, 100, 50]);
  expect(averageOfVisible).toEqual([80, 90, 100, 200]);
});

test('is the same for opaque pixels whether transparent ones are left out or not', () => {
  const { average, averageOfVisible } = describePixels(noise(50, 40, 1));
  expect(average).toEqual(averageOfVisible);
});
