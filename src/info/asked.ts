import type { Wanted } from '../native.ts';

/** Which fields of the answer are asked for. */
export interface Asked extends Wanted {
  format: boolean;
  size: boolean;
}

/** What of a request bears on its answer, in the order of the key. */
const ASKED = {
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
} as const satisfies Record<keyof Asked, true>;

const NAMES = Object.keys(ASKED) as (keyof Asked)[];

/** Names what is asked for, in a key. */
export function toAskedKey(asked: Asked): string {
  return NAMES.map((name) => (asked[name] ? 1 : 0)).join('');
}
