import { expect, test } from 'vitest';
import { describePixels, paint } from './describing.ts';

test('is seen in the last pixel', () => {
  const picture = paint(9, 7, (x, y) => [1, 2, 3, x === 8 && y === 6 ? 254 : 255]);
  expect(describePixels(picture).transparency).toBe(true);
});

test('is not seen where all pixels are opaque, black ones too', () => {
  expect(describePixels(paint(9, 7, () => [0, 0, 0, 255])).transparency).toBe(false);
});
