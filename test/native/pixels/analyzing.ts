import { analyze, type PixelQuestion } from '../../../src/native.ts';

/** A question that asks for nothing, with limits that no test's picture meets. */
export const NOTHING: PixelQuestion = {
  raw: false,
  page: 0,
  orientation: 1,
  checkTransparency: false,
  smartCrop: undefined,
  palette: 0,
  average: false,
  averageIgnoresTransparent: true,
  dominantColors: false,
  dominantColorsBuildMissed: false,
  blurhashX: 0,
  blurhashY: 0,
  thumbHash: false,
  perceptualHash: false,
  nets: [],
  maxSrcResolution: 100_000_000,
  maxAnimationFrameResolution: 0,
  maxAnimationFrames: 1,
  pngUnlimited: false,
  svgUnlimited: false,
  time: 60_000,
};

/**
 * What the pixels of a picture say.
 *
 * @throws Error with the reason where they cannot be decoded
 */
export async function ask(
  file: Uint8Array,
  format: string,
  asked: Partial<PixelQuestion>,
): Promise<Record<string, unknown>> {
  const answer = await analyze(file, format, { ...NOTHING, ...asked }, '');
  if ('failure' in answer) throw new Error(answer.failure);
  const { nets: _, ...texts } = answer;
  const fields = Object.entries(texts).filter(([, text]) => text !== undefined);
  return Object.fromEntries(fields.map(([name, text]) => [name, JSON.parse(text as string)]));
}
