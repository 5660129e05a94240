import type { Wanted } from '../native.ts';
import { isCropAsked } from './crop.ts';
import type { AskedHashsums } from './hashsums.ts';
import { type AskedPixels, asksPixels } from './pixels.ts';

/** What of a request bears on its answer. */
export interface Asked extends Wanted, AskedHashsums, AskedPixels {
  format: boolean;
  size: boolean;
}

/** The switches, in the order of the key. */
const SWITCHES = {
  format: true,
  size: true,
  dimensions: true,
  exif: true,
  exifCanonical: true,
  iptc: true,
  xmp: true,
  videoMeta: true,
  colorspace: true,
  bands: true,
  sampleFormat: true,
  pagesNumber: true,
  alpha: true,
} as const;

/** What counts only where more than headers is asked for. */
const MORE = {
  checkTransparency: true,
  crop: true,
  palette: true,
  average: true,
  averageIgnoresTransparent: true,
  dominantColors: true,
  dominantColorsBuildMissed: true,
  blurhashX: true,
  blurhashY: true,
  thumbHash: true,
  perceptualHash: true,
  detectObjects: true,
  classify: true,
  classifyNames: true,
  objectsPosition: true,
  page: true,
  maxSrcResolution: true,
  videoThumbnailSecond: true,
  videoThumbnailKeyframes: true,
  calcHashsums: true,
  hashsum: true,
} as const satisfies Record<Exclude<keyof Asked, keyof typeof SWITCHES>, true>;

const SWITCH_NAMES = Object.keys(SWITCHES) as (keyof typeof SWITCHES)[];
const MORE_NAMES = Object.keys(MORE) as (keyof typeof MORE)[];

/** Most requests ask for the same, by one frozen object. */
const keys = new WeakMap<Readonly<Asked>, string>();

/** Names what is asked for, in a key. `asked` does not change any more. */
export function toAskedKey(asked: Readonly<Asked>): string {
  const known = keys.get(asked);
  if (known !== undefined) return known;
  const switches = SWITCH_NAMES.map((name) => (asked[name] ? 1 : 0)).join('');
  const more = asksMore(asked) ? JSON.stringify(MORE_NAMES.map((name) => asked[name])) : '';
  const key = switches + more;
  keys.set(asked, key);
  return key;
}

function asksMore(asked: Readonly<Asked>): boolean {
  return isCropAsked(asked.crop) || asksWholeFile(asked);
}

/** Whether the whole of a file may be needed. */
export function asksWholeFile(asked: Readonly<Asked>): boolean {
  return asked.calcHashsums.length > 0 || asked.hashsum !== undefined || asksPixels(asked);
}

/** What a probe is to find for what is asked. */
export function toWanted(asked: Readonly<Asked>): Wanted {
  const shape = isCropAsked(asked.crop) || asksPixels(asked);
  if (!asked.alpha && !shape) return asked;
  return {
    ...asked,
    dimensions: asked.dimensions || shape,
    colorspace: asked.colorspace || asked.alpha,
    bands: asked.bands || asked.alpha,
  };
}
