import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask } from './analyzing.ts';

/** Three frames of 8 by 8 pixels, red, green and blue, made by libjxl 0.7: `cjxl -d 0 -e 3` of a GIF. */
const ANIMATION = Buffer.from(
  '/wpBBAFYUFwSCAigAgAAjABLEsWCBVJgA2MM3i/GixdjvBgjD4DYxMWB03v4wkKdwGPmAwgIoAIAAGAASxLFggVS' +
    'YANjDCZejJEH4HxctssD/fs+CAigQgAAmABLEsWCBVJgA2MM3i/Gu4sXL8bIA3A2UATjTyM9ql6yLppOgwz0AQ==',
  'base64',
);

const averageOf = async (page: number, asked = {}) =>
  (await ask(ANIMATION, 'jxl', { average: true, page, ...asked })).average;

describe('an animation in JPEG XL', () => {
  it.each([
    [0, { R: 255, G: 0, B: 0, A: 255 }],
    [1, { R: 0, G: 255, B: 0, A: 255 }],
    [2, { R: 0, G: 0, B: 255, A: 255 }],
  ])('shows frame %d', async (page, color) => {
    expect(await averageOf(page)).toEqual(color);
  });

  it('has no more frames than there are', async () => {
    await expect(averageOf(3)).rejects.toThrow('no such frame');
    await expect(averageOf(99_999)).rejects.toThrow('no such frame');
  });

  it('is held to the resolution with the frames up to the one that is shown', async () => {
    expect(await averageOf(1, { maxSrcResolution: 128 })).toMatchObject({ G: 255 });
    await expect(averageOf(2, { maxSrcResolution: 128 })).rejects.toThrow('192 pixels');
  });

  it('is looked through for transparency as far as frames count', async () => {
    const asked = { checkTransparency: true, maxAnimationFrames: 9 };
    expect(await ask(ANIMATION, 'jxl', asked)).toEqual({ transparency: false });
    expect(await ask(ANIMATION, 'jxl', { ...asked, page: 2 })).toEqual({ transparency: false });
  });

  it('that is damaged brings no word of the decoder’s to the standard error', () => {
    const folder = mkdtempSync(join(tmpdir(), 'imgpeek-'));
    const path = join(folder, 'damaged.jxl');
    const damaged = Buffer.from(ANIMATION);
    damaged[26]! ^= 0x5a;
    writeFileSync(path, damaged);
    const { stderr } = spawnSync(process.execPath, ['dist/main.js', 'info', path, 'avg:1'], {
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    expect(stderr).toBe('Invalid source image: jxl: no such frame, or a broken one\n');
  });
});
