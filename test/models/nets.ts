import type { ChannelOrder } from '../../src/models/net.ts';
import { type Constant, type ElementType, type Node, node, toOnnx, type Value } from './onnx.ts';

/** Tiny nets whose answers can be worked out by hand from the pixels that they are given. */

/** Width and height of their input. */
export const SIDE = 32;
/** Pixels of a cell: the nets that find objects look at the mean colours of 4 × 4 cells. */
export const CELL = 8;
const CELLS = SIDE / CELL;
const COUNT = CELLS * CELLS;

/** How a net takes its input. */
export interface TinyInput {
  order?: ChannelOrder;
  type?: ElementType;
  /** What a value is multiplied by, so that full is 1. */
  scale?: number;
  shape?: readonly (number | string)[];
}

/** How a net that finds objects tells them: of each cell a box, twice as large as it, and the means. */
export type TinyKind =
  /** `1 × 16 × 7`: whether there is an object is red's mean, the classes are green's and blue's. */
  | 'objectness'
  /** `1 × 7 × 16`: the classes are red, green and blue. */
  | 'columns'
  /** The same transposed. */
  | 'rows'
  /** `1 × 16 × 6`: corners, red's mean, class 1. */
  | 'final'
  /** `1 × 16 × 1 × 4` in fractions, and `1 × 16 × 3`. */
  | 'fractions'
  /** `1 × 16 × 4` in pixels, and `1 × 16 × 3`. */
  | 'corners'
  /** `1 × 21 × 7`, as `objectness`, with cells of 8, 16 and 32 pixels and boxes of their size, in cells. */
  | 'gridded';

/** The file of a net that finds objects. */
export function makeDetectionNet(kind: TinyKind, input: TinyInput = {}): Buffer {
  const { nodes, constants, value } = takeInput(input);
  const cells = node('AveragePool', ['nchw'], 'cells', {
    kernel_shape: [CELL, CELL],
    strides: [CELL, CELL],
  });
  const flat = node('Reshape', ['cells', 'flat shape'], 'flat');
  const means = node('Transpose', ['flat'], 'means', { perm: [0, 2, 1] });
  const flatShape: Constant = {
    name: 'flat shape',
    type: 'int64',
    shape: [3],
    values: [1, 3, COUNT],
  };
  const perCell = [cells, flat, means];
  const make = (more: readonly Node[], made: readonly Constant[], ...outputs: readonly Value[]) =>
    toOnnx({
      nodes: [...nodes, ...more],
      inputs: [value],
      outputs,
      constants: [...constants, flatShape, ...made],
    });
  const of = (name: string, ...shape: number[]): Value => ({ name, shape });

  switch (kind) {
    case 'objectness':
      return make(
        [...perCell, node('Concat', ['boxes', 'means'], 'out', { axis: 2 })],
        [boxes('boxes', toCenter)],
        of('out', 1, COUNT, 7),
      );
    case 'rows':
      return make(
        [...perCell, node('Concat', ['boxes', 'means'], 'out', { axis: 2 })],
        [boxes('boxes', toCenter)],
        of('out', 1, COUNT, 7),
      );
    case 'columns':
      return make(
        [
          cells,
          flat,
          node('Transpose', ['boxes'], 'turned', { perm: [0, 2, 1] }),
          node('Concat', ['turned', 'flat'], 'out', { axis: 1 }),
        ],
        [boxes('boxes', toCenter)],
        of('out', 1, 7, COUNT),
      );
    case 'final':
      return make(
        [
          ...perCell,
          node('Slice', ['means', 'zero', 'one', 'two'], 'red'),
          node('Concat', ['boxes', 'red', 'classes'], 'out', { axis: 2 }),
        ],
        [
          boxes('boxes', toCorners),
          ...['zero', 'one', 'two'].map(
            (name, at): Constant => ({ name, type: 'int64', shape: [1], values: [at] }),
          ),
          { name: 'classes', shape: [1, COUNT, 1], values: new Array(COUNT).fill(1) },
        ],
        of('out', 1, COUNT, 6),
      );
    case 'fractions':
      return make(
        [...perCell, node('Identity', ['boxes'], 'corners')],
        [
          {
            ...boxes('boxes', (box) => toCorners(box).map((at) => at / SIDE)),
            shape: [1, COUNT, 1, 4],
          },
        ],
        of('corners', 1, COUNT, 1, 4),
        of('means', 1, COUNT, 3),
      );
    case 'corners':
      // The scores first: which is which must show from the shapes.
      return make(
        [...perCell, node('Identity', ['boxes'], 'corners')],
        [boxes('boxes', toCorners)],
        of('means', 1, COUNT, 3),
        of('corners', 1, COUNT, 4),
      );
    case 'gridded':
      return makeGridded(make);
  }
}

/** The middle and the size of a box in a net's square. */
type CenterBox = readonly [x: number, y: number, width: number, height: number];

/** The box of each cell: about its middle, twice as large. */
function boxes(name: string, to: (box: CenterBox) => readonly number[]): Constant {
  const values = Array.from({ length: COUNT }, (_, index) =>
    to([
      ((index % CELLS) + 0.5) * CELL,
      (Math.floor(index / CELLS) + 0.5) * CELL,
      2 * CELL,
      2 * CELL,
    ]),
  );
  return { name, shape: [1, COUNT, 4], values: values.flat() };
}

const toCenter = (box: CenterBox) => box;
const toCorners = ([x, y, width, height]: CenterBox) => [
  x - width / 2,
  y - height / 2,
  x + width / 2,
  y + height / 2,
];

function makeGridded(
  make: (
    nodes: readonly Node[],
    constants: readonly Constant[],
    ...outputs: readonly Value[]
  ) => Buffer,
): Buffer {
  const strides = [8, 16, 32];
  const counts = strides.map((stride) => (SIDE / stride) ** 2);
  const all = counts.reduce((one, other) => one + other, 0);
  return make(
    [
      ...strides.flatMap((stride) => [
        node('AveragePool', ['nchw'], `cells ${stride}`, {
          kernel_shape: [stride, stride],
          strides: [stride, stride],
        }),
        node('Reshape', [`cells ${stride}`, `shape ${stride}`], `flat ${stride}`),
      ]),
      node(
        'Concat',
        strides.map((stride) => `flat ${stride}`),
        'all',
        { axis: 2 },
      ),
      node('Transpose', ['all'], 'all means', { perm: [0, 2, 1] }),
      node('Concat', ['offsets', 'all means'], 'out', { axis: 2 }),
    ],
    [
      ...strides.map(
        (stride, at): Constant => ({
          name: `shape ${stride}`,
          type: 'int64',
          shape: [3],
          values: [1, 3, counts[at]!],
        }),
      ),
      // The middle of the cell, and e^0 of its size.
      { name: 'offsets', shape: [1, all, 4], values: new Array(all).fill([0.5, 0.5, 0, 0]).flat() },
    ],
    { name: 'out', shape: [1, all, 7] },
  );
}

/** Steps from a net's input to `nchw`, planes of float32 from 0 to 1. */
function takeInput({ order = 'nchw', type = 'float32', scale = 1, shape }: TinyInput) {
  const own = order === 'nchw' ? [1, 3, SIDE, SIDE] : [1, SIDE, SIDE, 3];
  const value: Value = { name: 'in', type, shape: shape ?? own };
  const nodes: Node[] = [
    node('Cast', ['in'], 'floats', { to: 1 }),
    node('Mul', ['floats', 'scale'], 'scaled'),
    order === 'nchw'
      ? node('Identity', ['scaled'], 'nchw')
      : node('Transpose', ['scaled'], 'nchw', { perm: [0, 3, 1, 2] }),
  ];
  const constants: Constant[] = [{ name: 'scale', shape: [1], values: [scale] }];
  return { nodes, constants, value };
}

/** What a net that tells classes makes of a channel's mean: `mean * by + plus`. */
export interface TinyClasses extends TinyInput {
  by?: number;
  plus?: number;
}

/** The file of a net whose three classes are the means of red, green and blue over the picture. */
export function makeClassificationNet({ by = 1, plus = 0, ...input }: TinyClasses = {}): Buffer {
  const { nodes, constants, value } = takeInput(input);
  return toOnnx({
    nodes: [
      ...nodes,
      node('ReduceMean', ['nchw'], 'means', { axes: [2, 3], keepdims: 0 }),
      node('Mul', ['means', 'by'], 'times'),
      node('Add', ['times', 'plus'], 'out'),
    ],
    inputs: [value],
    outputs: [{ name: 'out', shape: [1, 3] }],
    constants: [
      ...constants,
      { name: 'by', shape: [1], values: [by] },
      { name: 'plus', shape: [1], values: [plus] },
    ],
  });
}

/**
 * The file of a net as {@link makeClassificationNet}'s that never has an answer where red's mean is
 * above 0.9 and green's below 0.1: it counts so long.
 */
export function makeHangingNet(input: TinyInput = {}): Buffer {
  const { nodes, constants, value } = takeInput(input);
  const scalar = (name: string, values: number[], type?: 'int64' | 'bool'): Constant => ({
    name,
    shape: [],
    values,
    ...(type && { type }),
  });
  return toOnnx({
    nodes: [
      ...nodes,
      node('ReduceMean', ['nchw'], 'means', { axes: [2, 3], keepdims: 0 }),
      node('Mul', ['means', 'redness'], 'weighed'),
      node('ReduceSum', ['weighed'], 'red', { keepdims: 0 }),
      node('Greater', ['red', 'limit'], 'hangs'),
      node('Where', ['hangs', 'for ever', 'once'], 'times'),
      {
        op: 'Loop',
        inputs: ['times', 'yes', 'means'],
        outputs: ['out'],
        attributes: {
          body: {
            nodes: [node('Identity', ['go on'], 'goes on'), node('Identity', ['value'], 'same')],
            inputs: [
              { name: 'turn', type: 'int64', shape: [] },
              { name: 'go on', type: 'bool', shape: [] },
              { name: 'value', shape: [1, 3] },
            ],
            outputs: [
              { name: 'goes on', type: 'bool', shape: [] },
              { name: 'same', shape: [1, 3] },
            ],
          },
        },
      },
    ],
    inputs: [value],
    outputs: [{ name: 'out', shape: [1, 3] }],
    constants: [
      ...constants,
      { name: 'redness', shape: [1, 3], values: [1, -1, 0] },
      scalar('limit', [0.8]),
      scalar('for ever', [Number.MAX_SAFE_INTEGER], 'int64'),
      scalar('once', [1], 'int64'),
      scalar('yes', [1], 'bool'),
    ],
  });
}
