import { describe, expect, it } from 'vitest';
import { analyze, type NetInput, type NetPixels } from '../../../src/native.ts';
import { NOTHING } from './analyzing.ts';
import type { Color } from './describing.ts';
import { makePng } from './pictures.ts';

const RED: Color = [255, 0, 0, 255];
const BLUE: Color = [0, 0, 255, 255];

/** A picture scaled for nets. */
async function scale(
  file: Buffer,
  nets: NetInput[],
  more: Partial<typeof NOTHING> = {},
): Promise<readonly NetPixels[]> {
  const answer = await analyze(file, 'png', { ...NOTHING, ...more, nets }, '');
  if ('failure' in answer) throw new Error(answer.failure);
  return answer.nets;
}

function at({ width, rgb }: NetPixels, x: number, y: number): number[] {
  return [...rgb.subarray((y * width + x) * 3, (y * width + x + 1) * 3)];
}

/** Red on the left, blue on the right. */
const halves = (width: number, height: number) =>
  makePng(width, height, (x) => (2 * x < width ? RED : BLUE));

describe('a picture for a net', () => {
  it.each<[string, number, number, NetInput, number, number]>([
    ['shrunk, its shape kept', 60, 30, { side: 20, keepsShape: true }, 20, 10],
    ['shrunk, its shape lost', 60, 30, { side: 20, keepsShape: false }, 20, 20],
    ['enlarged, its shape kept', 6, 12, { side: 32, keepsShape: true }, 16, 32],
    ['enlarged, its shape lost', 6, 12, { side: 32, keepsShape: false }, 32, 32],
    ['as it is', 20, 20, { side: 20, keepsShape: true }, 20, 20],
    ['a pixel at the least', 2000, 2, { side: 20, keepsShape: true }, 20, 1],
    ['larger than other answers take', 1500, 900, { side: 1000, keepsShape: true }, 1000, 600],
    ['of 4096 pixels', 8, 4, { side: 4096, keepsShape: true }, 4096, 2048],
  ])('is %s', async (_, width, height, input, expectedWidth, expectedHeight) => {
    const [net] = await scale(halves(width, height), [input]);
    expect([net?.width, net?.height]).toEqual([expectedWidth, expectedHeight]);
    expect(net?.rgb).toHaveLength(expectedWidth * expectedHeight * 3);
    expect(at(net!, 0, 0)).toEqual([255, 0, 0]);
    expect(at(net!, expectedWidth - 1, expectedHeight - 1)).toEqual([0, 0, 255]);
  });

  it('is the mean of what it covers', async () => {
    const stripes = makePng(64, 64, (x) => (x % 2 ? [200, 100, 0, 255] : [100, 200, 50, 255]));
    const [net] = await scale(stripes, [{ side: 16, keepsShape: true }]);
    const [red, green, blue] = at(net!, 8, 8);
    expect(red).toBeCloseTo(150, -0.5);
    expect(green).toBeCloseTo(150, -0.5);
    expect(blue).toBeCloseTo(25, -0.5);
  });

  it.each([
    // Middles of pixels: (x + 1/2) · 8 / side - 1/2, of a ramp that rises by 30.
    [16, (x: number) => 30 * (x / 2 - 0.25)],
    [12, (x: number) => 30 * ((x * 2) / 3 - 1 / 6)],
    [24, (x: number) => 30 * (x / 3 - 1 / 3)],
    [6, (x: number) => 30 * ((x * 4) / 3 + 1 / 6)],
  ])('has each pixel where it was: 8 become %i', async (side, expected) => {
    const ramp = makePng(8, 8, (x) => [x * 30, 0, 0, 255]);
    const [net] = await scale(ramp, [{ side, keepsShape: true }]);
    const upright = makePng(8, 8, (_, y) => [y * 30, 0, 0, 255]);
    const [turned] = await scale(upright, [{ side, keepsShape: true }]);
    for (let x = 1; x < side - 1; ++x) {
      const wanted = Math.max(0, Math.min(expected(x), 210));
      expect(Math.abs(at(net!, x, side / 2)[0]! - wanted)).toBeLessThan(3);
      expect(Math.abs(at(turned!, side / 2, x)[0]! - wanted)).toBeLessThan(3);
    }
  });

  it('is white where it is transparent, and upright', async () => {
    const clear = makePng(4, 2, (x) => [0, 0, 255, x < 2 ? 255 : 0]);
    const [net] = await scale(clear, [{ side: 4, keepsShape: true }], { orientation: 6 });
    // EXIF's 6 is to be turned to the right: what was left is on top.
    expect([net?.width, net?.height]).toEqual([2, 4]);
    expect(at(net!, 0, 0)).toEqual([0, 0, 255]);
    expect(at(net!, 1, 3)).toEqual([255, 255, 255]);
  });

  it('is made for each net of one copy, beside the other answers', async () => {
    const answer = await analyze(
      halves(2000, 1000),
      'png',
      {
        ...NOTHING,
        average: true,
        nets: [
          { side: 640, keepsShape: true },
          { side: 224, keepsShape: false },
        ],
      },
      '',
    );
    expect(answer).toMatchObject({
      average: expect.stringMatching(/^\{"R":12[78],"G":0,/),
      nets: [
        { width: 640, height: 320 },
        { width: 224, height: 224 },
      ],
    });
  });
});
