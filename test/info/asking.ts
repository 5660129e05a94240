import type { Asked } from '../../src/info/asked.ts';
import type { Wanted } from '../../src/native.ts';

/** A request for what a probe is to find, and for nothing beside it but what is named. */
export function asking(wanted: Wanted, others: Partial<Asked> = {}): Asked {
  return {
    ...wanted,
    format: false,
    size: false,
    alpha: false,
    calcHashsums: [],
    hashsum: undefined,
    ...others,
  };
}
