import type { Asked } from '../../src/info/asked.ts';
import { ModelAnswers } from '../../src/info/model-answers.ts';
import { PixelReader } from '../../src/info/pixels.ts';
import { analyze, analyzeFrame, canDecode, type Wanted } from '../../src/native.ts';

/** A request for what a probe is to find, and for nothing beside it but what is named. */
export function asking(wanted: Wanted, others: Partial<Asked> = {}): Asked {
  return {
    ...wanted,
    format: false,
    size: false,
    alpha: false,
    checkTransparency: false,
    crop: { width: 0, height: 0, gravity: { type: 'ce' } },
    palette: 0,
    average: false,
    averageIgnoresTransparent: true,
    dominantColors: false,
    dominantColorsBuildMissed: false,
    blurhashX: 0,
    blurhashY: 0,
    thumbHash: false,
    perceptualHash: false,
    detectObjects: false,
    classify: 0,
    classifyNames: [],
    objectsPosition: { type: 'ce' },
    page: 0,
    maxSrcResolution: 50_000_000,
    videoThumbnailSecond: 1,
    videoThumbnailKeyframes: false,
    calcHashsums: [],
    hashsum: undefined,
    ...others,
  };
}

/** What reads pixels, with the limits that hold by default. */
export const PIXELS = new PixelReader(
  { analyze, analyzeFrame, canDecode },
  new ModelAnswers({}, { mode: 'max_score_area', fallsBackToAttention: true }),
  {
    maxAnimationFrames: 1,
    maxAnimationFrameResolution: 0,
    pngUnlimited: false,
    svgUnlimited: false,
    time: 5_000,
    maxRounds: 16,
    maxBytes: 1 << 27,
    developsRaw: false,
  },
);
