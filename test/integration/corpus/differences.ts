/**
 * Where our answer is not the reference's, and why. A file that stands here must differ in just the
 * fields that are named; one that does not stand here must not differ at all.
 */
export interface Difference {
  /** Fields of the answer that differ. */
  fields: string[];
  /** Which tool is wrong, or what the two mean by the field. */
  reason: string;
}

export const DIFFERENCES: Record<string, Difference> = {};
