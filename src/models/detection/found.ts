/** A box in a net's square, in its pixels. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A box that a net gives, with the class that it is the most of. */
export interface Candidate extends Box {
  classId: number;
  /** 0 to 1. */
  confidence: number;
}

/** An object that was found, in fractions of the picture. */
export interface FoundBox {
  classId: number;
  confidence: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where the picture stands in the net's square, in its pixels. */
export interface PictureArea {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The boxes in fractions of the picture, cut at its edges. What lies outside is dropped. */
export function toFound(candidates: readonly Candidate[], area: PictureArea): FoundBox[] {
  const found: FoundBox[] = [];
  for (const { classId, confidence, ...box } of candidates) {
    const left = within((box.left - area.left) / area.width);
    const top = within((box.top - area.top) / area.height);
    const width = within((box.right - area.left) / area.width) - left;
    const height = within((box.bottom - area.top) / area.height) - top;
    if (width > 0 && height > 0) found.push({ classId, confidence, left, top, width, height });
  }
  return found;
}

function within(fraction: number): number {
  return Math.max(0, Math.min(fraction, 1));
}
