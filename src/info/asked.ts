import type { Wanted } from '../native.ts';

/** Which fields of the answer are asked for. */
export interface Asked extends Wanted {
  format: boolean;
  size: boolean;
}
