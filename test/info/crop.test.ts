import { describe, expect, test } from 'vitest';
import { placeCrop, toFractions } from '../../src/info/crop.ts';

const PICTURE = { width: 200, height: 100 };
const place = (width: number, height: number, type = 'ce', x = 0, y = 0) => {
  const part = placeCrop({ width, height, gravity: { type, x, y } }, PICTURE);
  return [part.left, part.top, part.width, part.height];
};

describe('the size of a crop', () => {
  test.each([
    ['pixels', 60, 40, [60, 40]],
    ['pixels, without their fraction', 60.9, 1, [60, 1]],
    ['fractions below 1', 0.25, 0.5, [50, 50]],
    ['at least a pixel', 0.0001, 0.0001, [1, 1]],
    ['all where it is 0', 0, 50, [200, 50]],
    ['the picture at most', 1000, 1000, [200, 100]],
  ])('is %s', (_, width, height, size) => {
    expect(place(width, height).slice(2)).toEqual(size);
  });
});

describe('the place of a crop of 60 by 40', () => {
  test.each([
    ['no', 0, 0, 70, 0],
    ['so', 0, 0, 70, 60],
    ['ea', 0, 0, 140, 30],
    ['we', 0, 0, 0, 30],
    ['noea', 0, 0, 140, 0],
    ['nowe', 0, 0, 0, 0],
    ['soea', 0, 0, 140, 60],
    ['sowe', 0, 0, 0, 60],
    ['ce', 0, 0, 70, 30],
    ['nowe', 10, 5, 10, 5],
    ['soea', 10, 5, 130, 55],
    ['ce', 10, -5, 80, 25],
    ['nowe', 0.1, 0.05, 20, 5],
    ['ce', -0.1, 0.1, 50, 40],
    ['ce', 999, -999, 140, 0],
    ['no', -20, -20, 50, 0],
    ['fp', 0.5, 0.5, 70, 30],
    ['fp', 0, 1, 0, 60],
    ['fp', 0.25, 0.4, 20, 20],
  ])('by %s with %d and %d is %i, %i', (type, x, y, left, top) => {
    expect(place(60, 40, type, x, y).slice(0, 2)).toEqual([left, top]);
  });

  test('in the middle of a room of odd or even size goes to an even pixel', () => {
    expect(place(50, 50).slice(0, 2)).toEqual([76, 26]);
    expect(place(51, 51).slice(0, 2)).toEqual([75, 25]);
  });
});

test('fractions are of the picture', () => {
  const part = { left: 50, top: 25, width: 100, height: 50 };
  expect(toFractions(part, PICTURE)).toEqual({ left: 0.25, top: 0.25, width: 0.5, height: 0.5 });
});
