import { expect, test } from 'vitest';
import { type Color, describePixels, noise, paint } from './describing.ts';

test('has the very colours of a picture with few, the most frequent first', () => {
  const stripes: Color[] = [
    [1, 2, 3, 255],
    [250, 128, 7, 255],
    [250, 128, 8, 255],
    [250, 128, 7, 100],
  ];
  const picture = paint(10, 1, (x) => stripes[x < 1 ? 0 : x < 5 ? 1 : x < 8 ? 2 : 3] as Color);
  expect(describePixels(picture, { colors: 4 }).palette).toEqual([
    [250, 128, 7, 255],
    [250, 128, 8, 255],
    [250, 128, 7, 100],
    [1, 2, 3, 255],
  ]);
});

test('orders colours that are as frequent by their channels', () => {
  const picture = paint(
    3,
    1,
    (x) =>
      [
        [9, 0, 0],
        [3, 9, 0],
        [3, 1, 0],
      ][x] as number[],
  );
  expect(describePixels(picture).palette.map(([r, g]) => [r, g])).toEqual([
    [3, 1],
    [3, 9],
    [9, 0],
  ]);
});

test('takes all that is fully transparent for one colour', () => {
  const picture = paint(6, 1, (x) => (x === 0 ? [9, 9, 9] : [40 * x, 10, 10, 0]));
  expect(describePixels(picture, { colors: 2 }).palette).toEqual([
    [0, 0, 0, 0],
    [9, 9, 9, 255],
  ]);
});

test('has 256 exact colours of 256, and no more of 257', () => {
  const ramp = (count: number) => paint(count, 1, (x) => [x, x >> 8, 0]);
  expect(describePixels(ramp(256), { colors: 256 }).palette).toHaveLength(256);
  expect(new Set(describePixels(ramp(256), { colors: 256 }).palette.map(([r]) => r)).size).toBe(
    256,
  );
  expect(describePixels(ramp(257), { colors: 256 }).palette.length).toBeLessThan(256);
});

test('finds the middles of groups that lie apart', () => {
  const middles: Color[] = [
    [30, 40, 200, 255],
    [220, 60, 50, 255],
    [90, 200, 90, 255],
    [240, 235, 220, 255],
    [240, 235, 220, 60],
  ];
  const shake = noise(100, 60, 7).rgba;
  const picture = paint(100, 60, (x, y) => {
    const at = 4 * (100 * y + x);
    const middle = middles[x < 40 ? 0 : x < 65 ? 1 : x < 82 ? 2 : x < 95 ? 3 : 4] as Color;
    return middle.map((channel, c) => (c === 3 ? channel : channel + (shake[at + c]! % 13) - 6));
  });
  const { palette } = describePixels(picture, { colors: 5 });
  expect(palette).toHaveLength(5);
  for (const [i, color] of palette.entries()) {
    for (const [c, channel] of color.entries()) {
      expect(Math.abs(channel - middles[i]![c]!)).toBeLessThanOrEqual(1);
    }
  }
});

test('cuts a ramp of greys in equal parts', () => {
  const { palette } = describePixels(
    paint(256, 16, (x) => [x, x, x]),
    { colors: 4 },
  );
  const greys = palette.map(([r]) => r).sort((a, b) => a - b);
  for (const [i, grey] of greys.entries()) expect(Math.abs(grey - (32 + 64 * i))).toBeLessThan(6);
});

test('comes nearer to a picture the more colours it may have', () => {
  const picture = paint(96, 96, (x, y) => [x * 2.6, y * 2.6, (x * y) >> 5]);
  const error = (colors: number) => {
    const { palette } = describePixels(picture, { colors });
    expect(palette.length).toBeLessThanOrEqual(colors);
    let sum = 0;
    for (let at = 0; at < picture.rgba.length; at += 4) {
      const [r, g, b] = picture.rgba.subarray(at, at + 3) as unknown as Color;
      sum += Math.min(...palette.map((c) => (c[0] - r) ** 2 + (c[1] - g) ** 2 + (c[2] - b) ** 2));
    }
    return sum / (picture.rgba.length / 4);
  };
  const errors = [2, 8, 32, 128, 256].map(error);
  expect(errors).toEqual([...errors].sort((a, b) => b - a));
  // What is left is mostly the size of the groups: a 256th of the surface each.
  expect(errors.at(-1)).toBeLessThan(60);
});

test('is the same each time', () => {
  const picture = noise(80, 80, 3, false);
  const ask = () => describePixels(picture, { colors: 64 }).palette;
  expect(ask()).toEqual(ask());
});
