/** The names of the classes of a net that finds objects, in the order of its outputs. */
export interface WeightedNames {
  names: readonly string[];
  /** What a class counts in a crop about objects: 1 where the file does not say. */
  weights: readonly number[];
}

const WEIGHT = /^(.*?)\s*=\s*(\d+(?:\.\d+)?)$/;

/** Reads a file of names, one a line. Empty lines at the end are none. */
export function parseNames(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim());
}

/** The same of names with or without `=weight`. */
export function parseWeightedNames(text: string): WeightedNames {
  const classes = parseNames(text).map((line) => {
    const [, name = line, weight = '1'] = WEIGHT.exec(line) ?? [];
    return { name, weight: Number(weight) };
  });
  return {
    names: classes.map(({ name }) => name),
    weights: classes.map(({ weight }) => weight),
  };
}
