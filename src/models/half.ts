import { roundToEven } from '../rounding.ts';

/** Bits of a half precision number (IEEE 754-2019, 3.6: binary16). */
const EXPONENT_BIAS = 15;
const FRACTION_BITS = 10;
const FRACTION = (1 << FRACTION_BITS) - 1;
const EXPONENT = 0x1f;
const LARGEST = 65504;

/** The nearest half precision number, as its bits; what is too large is the largest. */
export function toHalf(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.min(Math.abs(value), LARGEST);
  const exponent = Math.max(Math.floor(Math.log2(size)), 1 - EXPONENT_BIAS);
  // In units of the last place; a carry into the exponent is what it must be.
  const units = roundToEven(size / 2 ** (exponent - FRACTION_BITS));
  return sign + (units === 0 ? 0 : units + ((exponent + EXPONENT_BIAS - 1) << FRACTION_BITS));
}

/** The number that the bits stand for. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> FRACTION_BITS) & EXPONENT;
  const fraction = bits & FRACTION;
  if (exponent === EXPONENT) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - EXPONENT_BIAS - FRACTION_BITS);
  return sign * (fraction + FRACTION + 1) * 2 ** (exponent - EXPONENT_BIAS - FRACTION_BITS);
}
