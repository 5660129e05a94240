import type { Box, Candidate } from './found.ts';

/** An output of a net. */
export interface Output {
  dims: readonly number[];
  data: Float32Array;
}

/** Reads boxes out of a net's outputs: those with a confidence of `threshold` or more. */
export type Reader = (outputs: readonly Output[], threshold: number) => Candidate[];

/** Makes a box of the four numbers from `at` on, that lie `step` apart. */
type ToBox = (data: Float32Array, at: number, step: number) => Box;

/** Where the numbers of a box stand: `data[box * ofBox + field * ofField]`. */
interface Strides {
  boxes: number;
  ofBox: number;
  ofField: number;
}

const fromCenter: ToBox = (data, at, step) => {
  const x = data[at]!;
  const y = data[at + step]!;
  const width = data[at + 2 * step]!;
  const height = data[at + 3 * step]!;
  return {
    left: x - width / 2,
    top: y - height / 2,
    right: x + width / 2,
    bottom: y + height / 2,
  };
};

const fromCorners: ToBox = (data, at, step) => ({
  left: data[at]!,
  top: data[at + step]!,
  right: data[at + 2 * step]!,
  bottom: data[at + 3 * step]!,
});

const COORDINATES = 4;

/** `1 × N × (4 + 1 + classes)`: middle and size, whether there is an object, and of which class. */
export function objectnessReader(output: number, classes: number, toBox = fromCenter): Reader {
  return (outputs, threshold) => {
    const { dims, data } = outputs[output]!;
    const fields = dims[2]!;
    const candidates: Candidate[] = [];
    for (let at = 0; at < data.length; at += fields) {
      const objectness = data[at + COORDINATES]!;
      if (!(objectness >= threshold)) continue;
      const [classId, most] = findMost(data, at + COORDINATES + 1, 1, classes);
      const confidence = objectness * most;
      if (confidence >= threshold) candidates.push({ classId, confidence, ...toBox(data, at, 1) });
    }
    return candidates;
  };
}

/** `1 × (4 + classes) × N`, or the same transposed: middle and size, then how sure each class is. */
export function classesReader(output: number, classes: number, transposed: boolean): Reader {
  return (outputs, threshold) => {
    const { dims, data } = outputs[output]!;
    const strides: Strides = transposed
      ? { boxes: dims[1]!, ofBox: dims[2]!, ofField: 1 }
      : { boxes: dims[2]!, ofBox: 1, ofField: dims[2]! };
    return readClasses(data, strides, classes, threshold);
  };
}

function readClasses(
  data: Float32Array,
  { boxes, ofBox, ofField }: Strides,
  classes: number,
  threshold: number,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (let box = 0; box < boxes; ++box) {
    const at = box * ofBox;
    const [classId, confidence] = findMost(data, at + COORDINATES * ofField, ofField, classes);
    if (confidence >= threshold) {
      candidates.push({ classId, confidence, ...fromCenter(data, at, ofField) });
    }
  }
  return candidates;
}

/** `1 × K × 6`: corners, confidence and class of boxes that the net itself has sorted out. */
export function finalReader(output: number): Reader {
  return (outputs, threshold) => {
    const { data } = outputs[output]!;
    const candidates: Candidate[] = [];
    for (let at = 0; at < data.length; at += COORDINATES + 2) {
      const confidence = data[at + COORDINATES]!;
      const classId = data[at + COORDINATES + 1]!;
      if (!(confidence >= threshold) || !Number.isInteger(classId)) continue;
      candidates.push({ classId, confidence, ...fromCorners(data, at, 1) });
    }
    return candidates;
  };
}

/**
 * Two outputs: the corners of the boxes, `1 × N × 4` or `1 × N × 1 × 4`, and how sure each class is,
 * `1 × N × classes`.
 *
 * @param scale What a coordinate of 1 is in pixels of the net's square.
 */
export function cornersReader(
  boxes: number,
  scores: number,
  classes: number,
  scale: number,
): Reader {
  return (outputs, threshold) => {
    const corners = outputs[boxes]!.data;
    const { data } = outputs[scores]!;
    const candidates: Candidate[] = [];
    for (let box = 0; box * classes < data.length; ++box) {
      const [classId, confidence] = findMost(data, box * classes, 1, classes);
      if (!(confidence >= threshold)) continue;
      const { left, top, right, bottom } = fromCorners(corners, box * COORDINATES, 1);
      candidates.push({
        classId,
        confidence,
        left: left * scale,
        top: top * scale,
        right: right * scale,
        bottom: bottom * scale,
      });
    }
    return candidates;
  };
}

/** The same as {@link objectnessReader} for YOLOX's boxes as they leave the net: by the cells of grids. */
export function griddedReader(
  output: number,
  classes: number,
  side: number,
  strides: readonly number[],
): Reader {
  const cells = listCells(side, strides);
  const decode: ToBox = (data, at) => {
    const fields = COORDINATES + 1 + classes;
    const { x, y, stride } = cells[at / fields]!;
    const box = new Float32Array([
      (data[at]! + x) * stride,
      (data[at + 1]! + y) * stride,
      Math.exp(data[at + 2]!) * stride,
      Math.exp(data[at + 3]!) * stride,
    ]);
    return fromCenter(box, 0, 1);
  };
  return objectnessReader(output, classes, decode);
}

/** The cells of the grids, row by row, the finest grid first. */
export function listCells(side: number, strides: readonly number[]) {
  return strides.flatMap((stride) => {
    const count = Math.floor(side / stride);
    return Array.from({ length: count * count }, (_, index) => ({
      x: index % count,
      y: Math.floor(index / count),
      stride,
    }));
  });
}

/** The first of the greatest of so many numbers, and the number. */
function findMost(
  data: Float32Array,
  first: number,
  step: number,
  count: number,
): [number, number] {
  let most = -Infinity;
  let at = 0;
  for (let index = 0; index < count; ++index) {
    const value = data[first + index * step]!;
    if (value > most) {
      most = value;
      at = index;
    }
  }
  return [at, most];
}
