import type { Wanted } from '../native.ts';
import type { AskedHashsums } from './hashsums.ts';

/** What of a request bears on its answer. */
export interface Asked extends Wanted, AskedHashsums {
  format: boolean;
  size: boolean;
  /** Whether there is an alpha channel. */
  alpha: boolean;
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

/** What has a value, each with that which it has where it is not asked for. */
const VALUES = {
  calcHashsums: [],
  hashsum: undefined,
} as const satisfies { [K in Exclude<keyof Asked, keyof typeof SWITCHES>]: Asked[K] };

const SWITCH_NAMES = Object.keys(SWITCHES) as (keyof typeof SWITCHES)[];
const VALUE_NAMES = Object.keys(VALUES) as (keyof typeof VALUES)[];
const NO_VALUES = toValues(VALUES);

/** Most requests ask for the same, by one frozen object. */
const keys = new WeakMap<Readonly<Asked>, string>();

/** Names what is asked for, in a key. `asked` does not change any more. */
export function toAskedKey(asked: Readonly<Asked>): string {
  const known = keys.get(asked);
  if (known !== undefined) return known;
  const values = toValues(asked);
  const switches = SWITCH_NAMES.map((name) => (asked[name] ? 1 : 0)).join('');
  const key = values === NO_VALUES ? switches : `${switches}${values}`;
  keys.set(asked, key);
  return key;
}

function toValues(asked: Readonly<Pick<Asked, keyof typeof VALUES>>): string {
  return JSON.stringify(VALUE_NAMES.map((name) => asked[name]));
}

/** What a probe is to find for what is asked. */
export function toWanted(asked: Readonly<Asked>): Wanted {
  return asked.alpha ? { ...asked, colorspace: true, bands: true } : asked;
}
