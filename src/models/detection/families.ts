import type { Fit, Normalization } from '../net.ts';
import {
  classesReader,
  cornersReader,
  finalReader,
  griddedReader,
  listCells,
  type Output,
  objectnessReader,
  type Reader,
} from './readers.ts';

/** The kinds of nets that find objects. */
export const NET_TYPES = [
  'yolox',
  'yolov4',
  'yolov5',
  'yolov6',
  'yolov7',
  'yolov8',
  'yolov9',
  'yolov10',
  'yolov11',
  'yolo-nas',
] as const;

export type NetType = (typeof NET_TYPES)[number];

/** What is known of nets of a kind. */
interface Family {
  fit: Fit;
  /** What becomes of the values 0 to 255. */
  normalization: Normalization;
  /** How its outputs look, for a message; C stands for the number of classes. */
  outputs: string;
  /**
   * Finds out how its outputs are read.
   *
   * @param outputs What it gave for an even grey.
   * @returns undefined where they are not those of such a net.
   */
  choose(outputs: readonly Output[], classes: number, side: number): Reader | undefined;
}

const BEYOND_BOX = 4;
/** Numbers of a box that the net itself has sorted out. */
const FINAL = 6;
/** By how many pixels the cells of YOLOX's grids are apart; the largest nets have the fourth. */
const STRIDES = [
  [8, 16, 32],
  [8, 16, 32, 64],
];

const withObjectness: Family = {
  fit: 'center',
  normalization: 'half',
  outputs: '1×N×(5+C)',
  choose(outputs, classes) {
    const at = find(outputs, (dims) => isRows(dims, BEYOND_BOX + 1 + classes));
    return at === undefined ? undefined : objectnessReader(at, classes);
  },
};

const withoutObjectness: Family = {
  fit: 'center',
  normalization: 'half',
  outputs: '1×(4+C)×N or 1×K×6',
  choose(outputs, classes) {
    const fields = BEYOND_BOX + classes;
    const columns = find(outputs, (dims) => isRows(transpose(dims), fields));
    if (columns !== undefined) return classesReader(columns, classes, false);
    const final = find(outputs, (dims, at) => isRows(dims, FINAL) && hasClassIds(outputs[at]!));
    if (final !== undefined) return finalReader(final);
    const rows = find(outputs, (dims) => isRows(dims, fields));
    return rows === undefined ? undefined : classesReader(rows, classes, true);
  },
};

/** Boxes and scores apart; in pixels, or in fractions of the square. */
function apart(fit: Fit, fractions: boolean): Family {
  return {
    fit,
    normalization: 'half',
    outputs: fractions ? '1×N×1×4 and 1×N×C' : '1×N×4 and 1×N×C',
    choose(outputs, classes, side) {
      const boxes = find(outputs, (dims) => isRows(withoutThird(dims), BEYOND_BOX));
      const scores = find(outputs, (dims, index) => index !== boxes && isRows(dims, classes));
      if (boxes === undefined || scores === undefined) return undefined;
      if (outputs[boxes]!.dims[1] !== outputs[scores]!.dims[1]) return undefined;
      return cornersReader(boxes, scores, classes, fractions ? side : 1);
    },
  };
}

const yolox: Family = {
  fit: 'corner',
  normalization: 'none',
  outputs: withObjectness.outputs,
  choose(outputs, classes, side) {
    const at = find(outputs, (dims) => isRows(dims, BEYOND_BOX + 1 + classes));
    if (at === undefined) return undefined;
    const { dims, data } = outputs[at]!;
    const strides = STRIDES.find((some) => listCells(side, some).length === dims[1]);
    return strides && !isDecoded(data, dims[2]!, side)
      ? griddedReader(at, classes, side, strides)
      : objectnessReader(at, classes);
  },
};

export const FAMILIES: Readonly<Record<NetType, Family>> = {
  yolox,
  yolov4: apart('stretch', true),
  yolov5: withObjectness,
  yolov6: withObjectness,
  yolov7: withObjectness,
  yolov8: withoutObjectness,
  yolov9: withoutObjectness,
  yolov10: withoutObjectness,
  yolov11: withoutObjectness,
  'yolo-nas': apart('center', false),
};

/**
 * Whether YOLOX's boxes are in pixels: the last cell of a row is then beyond the middle of the square.
 * As they leave the net they tell how far they are from their cell, in cells.
 */
function isDecoded(data: Float32Array, fields: number, side: number): boolean {
  let most = 0;
  for (let at = 0; at < data.length; at += fields) most = Math.max(most, data[at]!);
  return most > side / 2;
}

/** Of two classes, a box that is not sorted out has as many numbers: its last one is no class. */
function hasClassIds({ data }: Output): boolean {
  return data.every((value, at) => at % FINAL !== FINAL - 1 || Number.isInteger(value));
}

function find(
  outputs: readonly Output[],
  is: (dims: readonly number[], index: number) => boolean,
): number | undefined {
  const at = outputs.findIndex(({ dims }, index) => is(dims, index));
  return at < 0 ? undefined : at;
}

/** Whether it is `1 × N × fields`. */
function isRows(dims: readonly number[], fields: number): boolean {
  return dims.length === 3 && dims[0] === 1 && dims[2] === fields;
}

function transpose([batch = 0, rows = 0, columns = 0, ...more]: readonly number[]) {
  return [batch, columns, rows, ...more];
}

function withoutThird(dims: readonly number[]): readonly number[] {
  return dims.length === 4 && dims[2] === 1 ? dims.toSpliced(2, 1) : dims;
}
