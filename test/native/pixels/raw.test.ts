import { describe, expect, it } from 'vitest';
import { probeSync } from '../../../src/native.ts';
import { EVERYTHING } from '../probing.ts';
import { ask } from './analyzing.ts';
import { makePng } from './pictures.ts';
import { BAYER, type Light, makeDng, toShown, X_TRANS } from './raws.ts';

const COLOR: Light = [0.5, 0.2, 0.05];
const SHOWN = COLOR.map(toShown);
const WHITE: Light = [1, 1, 1];
/** White in its upper quarter, by which LibRaw brightens nothing, and of one colour below. */
const flag = (height: number) => (_x: number, y: number) => (y < height / 4 ? WHITE : COLOR);

type Rgba = Record<'R' | 'G' | 'B' | 'A', number>;

/** What the pixels of a RAW say; its orientation is the one that the probe finds. */
async function askRaw(file: Buffer, asked: Parameters<typeof ask>[2]) {
  const info = probeSync([{ offset: 0, data: file }], file.length, EVERYTHING, false);
  if (!('format' in info)) throw new Error('not probed');
  const { format, raw, orientation } = info;
  expect(raw).toBe(true);
  return ask(file, format, { raw, orientation, ...asked });
}

const toArray = ({ R, G, B, A }: Rgba) => [R, G, B, A];
const byRed = (a: Rgba, b: Rgba) => a.R - b.R;

/** How far apart two colours are in the channel where they are the farthest. */
const apart = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

function differingBits(a: unknown, b: unknown): number {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;
}

describe('a camera RAW', () => {
  it.each([
    ['of squares of four filters', BAYER, 1],
    // Where a square has no red or no blue, that of its neighbours stands for it.
    ['of squares of 36 filters', X_TRANS, 1],
  ])('that is large has the colours that fell on its sensor (%s)', async (_, filters, far) => {
    const file = makeDng(1536, 1152, flag(1152), { filters });
    const answer = await askRaw(file, { average: true, palette: 2, checkTransparency: true });
    const [dark, light] = (answer['palette'] as Rgba[]).sort(byRed).map(toArray);
    expect(apart(dark!, [...SHOWN, 255])).toBeLessThanOrEqual(far);
    expect(apart(light!, [255, 255, 255, 255])).toBeLessThanOrEqual(far);
    const mean = SHOWN.map((shown) => 0.75 * shown + 0.25 * 255);
    expect(apart(toArray(answer['average'] as Rgba), [...mean, 255])).toBeLessThanOrEqual(far + 1);
    expect(answer['transparency']).toBe(false);
  });

  it.each([
    ['of squares of four filters', BAYER],
    ['of squares of 36 filters', X_TRANS],
  ])('that is small has them too, but where they meet (%s)', async (_, filters) => {
    const file = makeDng(96, 72, flag(72), { filters });
    const { average, palette } = await askRaw(file, { average: true, palette: 2 });
    const [dark] = (palette as Rgba[]).sort(byRed).map(toArray);
    expect(apart(dark!, [...SHOWN, 255])).toBeLessThanOrEqual(3);
    const mean = SHOWN.map((shown) => 0.75 * shown + 0.25 * 255);
    expect(apart(toArray(average as Rgba), [...mean, 255])).toBeLessThanOrEqual(6);
  });

  it('is white where the camera says that its light is', async () => {
    const file = makeDng(96, 72, () => [0.4, 0.8, 0.6], { neutral: [0.4, 0.8, 0.6] });
    const { average } = await askRaw(file, { average: true });
    const [red, green, blue] = toArray(average as Rgba);
    expect(Math.max(red!, green!, blue!) - Math.min(red!, green!, blue!)).toBeLessThanOrEqual(2);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is upright by orientation %i', async (orientation) => {
    const [width, height] = [1200, 900];
    const light = (x: number, y: number): Light => {
      if (x < width / 5 && y < height / 3) return WHITE;
      return x + y < 700 ? [0.4, 0.4, 0.4] : [0.02, 0.02, 0.02];
    };
    const png = makePng(width, height, (x, y) => {
      const [shown = 0] = light(x, y).map(toShown);
      return [shown, shown, shown, 255];
    });
    const asked = { perceptualHash: true, thumbHash: true };
    const raw = await askRaw(makeDng(width, height, light, { orientation }), asked);
    const turned = await ask(png, 'png', { ...asked, orientation });
    const lying = await ask(png, 'png', asked);
    expect(differingBits(raw['perceptualHash'], turned['perceptualHash'])).toBeLessThanOrEqual(2);
    if (orientation > 1) {
      expect(differingBits(raw['perceptualHash'], lying['perceptualHash'])).toBeGreaterThan(6);
    }
  });

  it('is not developed where it has more pixels than may be decoded', async () => {
    const file = makeDng(100, 80, flag(80));
    await expect(askRaw(file, { average: true, maxSrcResolution: 7_999 })).rejects.toThrow(
      'it has 8000 pixels to decode, over 7999',
    );
    await askRaw(file, { average: true, maxSrcResolution: 8_000 });
  });

  it('is given up when its time is up', async () => {
    const file = makeDng(2000, 1500, flag(1500));
    await expect(askRaw(file, { average: true, time: 0 })).rejects.toThrow('raw: ');
  });

  it('is given up then, too, where its maker’s list of values has no end', async () => {
    const list = Buffer.from('IIII\0waR\x0c\0\0\0\xff\xff\xff\xff', 'latin1');
    const began = performance.now();
    await expect(ask(list, 'iiq', { raw: true, average: true, time: 200 })).rejects.toThrow(
      'raw: ',
    );
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('is refused where its table of filters is longer than it says', async () => {
    const file = makeDng(162, 120, flag(120), { filters: X_TRANS });
    // CFARepeatPatternDim: two SHORTs, 6 and 6.
    const at = file.indexOf(Buffer.from('8d82030002000000', 'hex'));
    file.writeUInt16LE(94, at + 10);
    await expect(ask(file, 'dng', { raw: true, average: true })).rejects.toThrow('raw: ');
  });

  it('is refused where it is none, or has no samples', async () => {
    const file = makeDng(100, 80, flag(80));
    const asked = { raw: true, average: true };
    await expect(ask(Buffer.from('II*\0'), 'dng', asked)).rejects.toThrow('raw: ');
    await expect(ask(new Uint8Array(), 'cr3', asked)).rejects.toThrow('raw: ');
    await expect(ask(file.subarray(16_300), 'dng', asked)).rejects.toThrow('raw: ');
    await expect(ask(file, 'dng', { average: true })).rejects.toThrow('no decoder');
  });
});
