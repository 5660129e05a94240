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

/** Most requests ask for the same, by one frozen object. */
const keys = new WeakMap<Readonly<Asked>, string>();

/** Names what is asked for, in a key. `asked` does not change any more. */
export function toAskedKey(asked: Readonly<Asked>): string {
  const known = keys.get(asked);
  if (known !== undefined) return known;
  const key = NAMES.map((name) => (asked[name] ? 1 : 0)).join('');
  keys.set(asked, key);
  return key;
}
