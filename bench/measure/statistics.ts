/**
 * The middle of some numbers; of an even count, the mean of the two in the middle.
 *
 * @throws Error where there are none.
 */
export function median(numbers: number[]): number {
  if (numbers.length === 0) throw new Error('no numbers, no median');
  const sorted = numbers.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] as number;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] as number;
  return (lower + upper) / 2;
}

/**
 * How much the last quarter of a series stands above its first, as a share of the first: 0 is flat.
 * Medians of the quarters, so that one spike counts for nothing.
 */
export function growth(series: number[]): number {
  const quarter = Math.max(1, Math.floor(series.length / 4));
  return median(series.slice(-quarter)) / median(series.slice(0, quarter)) - 1;
}

/** The sum of some numbers. */
export function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
