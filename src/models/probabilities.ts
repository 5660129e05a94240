/** What half precision makes of a 1 that is a sum. */
const TOLERANCE = 1e-3;

/** Whether the numbers can be probabilities: none is outside of 0 to 1. */
export function isProbabilities(values: Float32Array): boolean {
  return values.every((value) => value >= -TOLERANCE && value <= 1 + TOLERANCE);
}

/** Probabilities out of logits. */
export function softmax(logits: Float32Array): Float32Array {
  const most = logits.reduce((one, other) => Math.max(one, other), -Infinity);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = powers.reduce((one, other) => one + other, 0);
  return Float32Array.from(powers, (power) => power / sum);
}
