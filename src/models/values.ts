import { toHalf } from './half.ts';
import type { Normalization } from './net.ts';

/** The types of a net's input that are known. */
export type InputType = 'float32' | 'float16' | 'uint8';

/** What each of the bytes 0 to 255 becomes, in red, green and blue. */
export type ValueTables = readonly [InputValues, InputValues, InputValues];

/** Values of a net's input; float16 as its bits. */
export type InputValues = Float32Array | Uint16Array | Uint8Array;

const BYTES = 256;
const MOST = 255;

/** Mean and standard deviation of ImageNet's pixels from 0 to 1, in red, green and blue. */
const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const;
const IMAGENET_DEVIATION = [0.229, 0.224, 0.225] as const;

const FORMULAS: Record<Normalization, (value: number, channel: 0 | 1 | 2) => number> = {
  none: (value) => value,
  half: (value) => value / MOST,
  full: (value) => value / (MOST / 2) - 1,
  imagenet: (value, channel) =>
    (value / MOST - IMAGENET_MEAN[channel]) / IMAGENET_DEVIATION[channel],
};

/**
 * Makes the tables for a net's input. A net of bytes takes them as they are.
 *
 * @returns undefined where bytes cannot hold what is asked for.
 */
export function makeTables(normalization: Normalization, type: InputType): ValueTables | undefined {
  if (type === 'uint8' && normalization !== 'none') return undefined;
  const table = (channel: 0 | 1 | 2) => {
    const values = makeValues(type, BYTES);
    for (let byte = 0; byte < BYTES; ++byte) {
      const value = FORMULAS[normalization](byte, channel);
      values[byte] = type === 'float16' ? toHalf(value) : value;
    }
    return values;
  };
  return [table(0), table(1), table(2)];
}

/** So many values of a type, all 0. */
export function makeValues(type: InputType, count: number): InputValues {
  if (type === 'float32') return new Float32Array(count);
  return type === 'float16' ? new Uint16Array(count) : new Uint8Array(count);
}
