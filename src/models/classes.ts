/** A class that a picture is of. */
export interface ClassifiedAs {
  classId: number;
  name: string;
  /** 0 to 1. */
  confidence: number;
}

/** Which classes are told. */
export interface ClassChoice {
  /** Confidence under which a class is dropped. */
  threshold: number;
  /** How many at the most. */
  top: number;
  /** Names of those that count; none: all do. */
  only: readonly string[];
}

/** The classes that are told, the most confident first; of equal ones the first of the net's. */
export function pickClasses(
  confidences: Float32Array,
  names: readonly string[],
  { threshold, top, only }: ClassChoice,
): ClassifiedAs[] {
  const counts = only.length === 0 ? undefined : new Set(only);
  const least = Math.fround(threshold);
  const classes: ClassifiedAs[] = [];
  names.forEach((name, classId) => {
    const confidence = confidences[classId]!;
    if (confidence >= least && (counts?.has(name) ?? true)) {
      classes.push({ classId, name, confidence });
    }
  });
  return classes.toSorted((one, other) => other.confidence - one.confidence).slice(0, top);
}
