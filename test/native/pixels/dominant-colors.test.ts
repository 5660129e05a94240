import { expect, test } from 'vitest';
import { type Color, describePixels, noise, paint } from './describing.ts';

/** A stripe of each colour, `widths` pixels wide or one. */
function stripes(colors: (readonly number[])[], widths: number[] = []) {
  const columns = colors.flatMap((color, i) =>
    Array<readonly number[]>(widths[i] ?? 1).fill(color),
  );
  return paint(columns.length, 1, (x) => columns[x]!);
}

function toHsl([r, g, b]: Color): { saturation: number; lightness: number } {
  const max = Math.max(r, g, b) / 255;
  const min = Math.min(r, g, b) / 255;
  const lightness = (max + min) / 2;
  return { lightness, saturation: max === min ? 0 : (max - min) / (1 - Math.abs(max + min - 1)) };
}

function expectNear(color: Color | undefined, [r, g, b]: [number, number, number]): void {
  expect(color).toBeDefined();
  for (const [c, channel] of [r, g, b].entries()) {
    expect(Math.abs(color![c]! - channel)).toBeLessThanOrEqual(1);
  }
}

// Near what androidx.palette's targets look for: saturation 1 or 0.3, lightness 0.74, 0.5, 0.26.
const SIX = {
  light_vibrant: [125, 212, 252, 255],
  vibrant: [5, 250, 10, 255],
  dark_vibrant: [90, 3, 130, 255],
  light_muted: [170, 208, 188, 255],
  muted: [90, 165, 100, 255],
  dark_muted: [70, 46, 86, 255],
};

test('gives each target its colour', () => {
  expect(describePixels(stripes(Object.values(SIX))).dominantColors).toEqual(SIX);
});

test('does not depend on the order of pixels', () => {
  expect(describePixels(stripes(Object.values(SIX).reverse())).dominantColors).toEqual(SIX);
});

test('leaves out what is near black, white and skin, and builds nothing from it', () => {
  const picture = stripes([
    [0, 0, 0],
    [12, 10, 12],
    [255, 255, 255],
    [244, 246, 248],
    [200, 150, 120],
    [160, 110, 80],
  ]);
  const { dominantColors, builtColors } = describePixels(picture);
  expect(dominantColors).toEqual({});
  expect(builtColors).toEqual({});
});

test('counts a colour as far as it is seen', () => {
  const blue = [20, 30, 230];
  const green = [20, 230, 30];
  expect(describePixels(stripes([blue, green], [2, 3])).dominantColors.vibrant).toEqual([
    20, 230, 30, 255,
  ]);
  const faint = stripes([blue, [...green, 60]], [2, 3]);
  expect(describePixels(faint).dominantColors.vibrant).toEqual([20, 30, 230, 255]);
  const unseen = stripes([[...green, 0]], [3]);
  expect(describePixels(unseen).dominantColors).toEqual({});
});

test('answers with the mean of the pixels that a colour stands for', () => {
  const { dominantColors } = describePixels(
    stripes([
      [16, 33, 201],
      [19, 34, 206],
    ]),
  );
  expect(dominantColors).toEqual({ vibrant: [18, 34, 204, 255] });
});

test('builds what is missed as the example in the documentation has it', () => {
  // https://docs.imgproxy.net/usage/getting_info#dominant-colors: the three muted colours are found;
  // the dark one is a mean, between 70 and 71 of green and between 56 and 57 of blue.
  const { dominantColors, builtColors } = describePixels(
    stripes(
      [
        [155, 146, 120],
        [167, 156, 130],
        [75, 70, 56],
        [75, 70, 57],
        [75, 71, 57],
      ],
      [10, 10, 4, 2, 4],
    ),
  );
  expect(Object.keys(dominantColors).sort()).toEqual(['dark_muted', 'light_muted', 'muted']);
  expect(builtColors).toEqual({
    dark_muted: [75, 70, 57, 255],
    dark_vibrant: [90, 78, 43, 255],
    light_muted: [167, 156, 130, 255],
    light_vibrant: [212, 198, 165, 255],
    muted: [155, 146, 120, 255],
    vibrant: [172, 146, 83, 255],
  });
});

test('builds all from one', () => {
  const { dominantColors, builtColors } = describePixels(stripes([[0, 0, 250]]));
  expect(dominantColors).toEqual({ vibrant: [0, 0, 250, 255] });
  expect(builtColors.vibrant).toEqual([0, 0, 250, 255]);
  expectNear(builtColors.light_vibrant, [122, 122, 255]);
  expectNear(builtColors.dark_vibrant, [0, 0, 133]);
  // The most that is muted: saturation 0.4.
  expectNear(builtColors.muted, [77, 77, 179]);
  expectNear(builtColors.light_muted, [162, 162, 215]);
  expectNear(builtColors.dark_muted, [40, 40, 93]);
});

test('builds greys from a grey', () => {
  const { builtColors } = describePixels(stripes([[120, 121, 122]]));
  expect(Object.keys(builtColors)).toHaveLength(6);
  for (const [name, color] of Object.entries(builtColors)) {
    const [r, g, b] = color as Color;
    expect(Math.max(r, g, b) - Math.min(r, g, b), name).toBeLessThan(4);
  }
});

test('keeps what it finds within the bounds of its target', () => {
  const bounds: Record<string, [number, number, number, number]> = {
    light_vibrant: [0.35, 1, 0.55, 1],
    vibrant: [0.35, 1, 0.3, 0.7],
    dark_vibrant: [0.35, 1, 0, 0.45],
    light_muted: [0, 0.4, 0.55, 1],
    muted: [0, 0.4, 0.3, 0.7],
    dark_muted: [0, 0.4, 0, 0.45],
  };
  let found = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const shade = noise(64, 64, seed).rgba;
    const picture = paint(64, 64, (x, y) => {
      const at = 4 * (64 * y + x);
      return [x * 4, y * 4, (x + y) * 2].map((c, i) => (c + shade[at + i]!) / 2);
    });
    const { dominantColors, builtColors } = describePixels(picture);
    for (const [name, color] of Object.entries(dominantColors)) {
      found++;
      const [minSaturation, maxSaturation, minLightness, maxLightness] = bounds[name]!;
      const { saturation, lightness } = toHsl(color!);
      // A channel is rounded by half a level.
      expect(saturation, name).toBeGreaterThan(minSaturation - 0.01);
      expect(saturation, name).toBeLessThan(maxSaturation + 0.01);
      expect(lightness, name).toBeGreaterThan(minLightness - 0.01);
      expect(lightness, name).toBeLessThan(maxLightness + 0.01);
      expect(builtColors[name]).toEqual(color);
    }
  }
  expect(found).toBeGreaterThan(20);
});
