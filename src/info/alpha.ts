import type { Info } from '../native.ts';

/**
 * Whether a picture has an alpha channel, as libvips has it: one beyond those of the colours.
 * undefined where its channels are not known. What a camera's sensor saw has none.
 */
export function hasAlpha({ raw, bands, colorspace }: Info): boolean | undefined {
  if (raw) return false;
  if (bands === undefined) return undefined;
  return bands === 2 || bands > 4 || (bands === 4 && colorspace !== 'cmyk');
}
