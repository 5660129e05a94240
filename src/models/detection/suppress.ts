import type { Box, Candidate } from './found.ts';

/** Candidates that are compared to each other, the most confident ones: it takes their square. */
const MAX_COMPARED = 3000;
/** Objects of a picture. */
const MAX_FOUND = 300;

/**
 * Non-maximum suppression: of boxes of one class that overlap, the most confident one stays.
 *
 * @param overlap Intersection over union above which two boxes are one object.
 * @returns Those that stay, the most confident first.
 */
export function suppress(candidates: readonly Candidate[], overlap: number): Candidate[] {
  const byConfidence = candidates
    .toSorted((one, other) => other.confidence - one.confidence)
    .slice(0, MAX_COMPARED);
  const kept: Candidate[] = [];
  for (const candidate of byConfidence) {
    if (kept.length === MAX_FOUND) break;
    const isKnown = kept.some(
      (other) =>
        other.classId === candidate.classId && intersectionOverUnion(other, candidate) > overlap,
    );
    if (!isKnown) kept.push(candidate);
  }
  return kept;
}

/** The part of the area of two boxes that both have. */
export function intersectionOverUnion(one: Box, other: Box): number {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (areaOf(one) + areaOf(other) - both);
}

function areaOf({ left, top, right, bottom }: Box): number {
  return (right - left) * (bottom - top);
}
