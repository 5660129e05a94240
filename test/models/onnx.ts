import { type Field, packed, protobuf, text, varint } from './protobuf.ts';

/** Writes models (onnx.proto3 of ONNX 1.17, IR version 8), as much of it as the tests take. */

const IR_VERSION = 8;
const OPSET = 17;

const ELEMENT_TYPES = { float32: 1, uint8: 2, int64: 7, bool: 9, float16: 10 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

const ATTRIBUTE_TYPES = { float: 1, int: 2, graph: 5, ints: 7 } as const;

type Attribute = number | readonly number[] | { float: number } | Graph;

/** A step of a graph. */
export interface Node {
  op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, Attribute>>;
}

/** What goes into a graph or comes out of it; a side that is a name is open. */
export interface Value {
  name: string;
  type?: ElementType;
  shape: readonly (number | string)[];
}

/** A constant. */
export interface Constant {
  name: string;
  shape: readonly number[];
  values: readonly number[];
  type?: 'float32' | 'int64' | 'bool';
}

export interface Graph {
  nodes: readonly Node[];
  inputs: readonly Value[];
  outputs: readonly Value[];
  constants?: readonly Constant[];
}

/** A step. */
export function node(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): Node {
  return { op, inputs, outputs: [output], attributes };
}

/** The model's file. */
export function toOnnx(graph: Graph): Buffer {
  return protobuf([
    [1, varint(IR_VERSION)],
    [7, toGraph(graph)],
    [8, protobuf([[2, varint(OPSET)]])],
  ]);
}

function toGraph({ nodes, inputs, outputs, constants = [] }: Graph): Buffer {
  return protobuf([
    ...nodes.map((step): Field => [1, toNode(step)]),
    [2, text('graph')],
    ...constants.map((constant): Field => [5, toTensor(constant)]),
    ...inputs.map((value): Field => [11, toValue(value)]),
    ...outputs.map((value): Field => [12, toValue(value)]),
  ]);
}

function toNode({ op, inputs, outputs, attributes = {} }: Node): Buffer {
  return protobuf([
    ...inputs.map((name): Field => [1, text(name)]),
    ...outputs.map((name): Field => [2, text(name)]),
    [4, text(op)],
    ...Object.entries(attributes).map(([name, value]): Field => [5, toAttribute(name, value)]),
  ]);
}

function toAttribute(name: string, value: Attribute): Buffer {
  const [type, field] = toAttributeValue(value);
  return protobuf([[1, text(name)], field, [20, varint(ATTRIBUTE_TYPES[type])]]);
}

function toAttributeValue(value: Attribute): [keyof typeof ATTRIBUTE_TYPES, Field] {
  if (typeof value === 'number') return ['int', [3, varint(value)]];
  if (Array.isArray(value)) return ['ints', [8, packed(value)]];
  if ('float' in value) return ['float', [2, value.float]];
  return ['graph', [6, toGraph(value as Graph)]];
}

function toTensor({ name, shape, values, type = 'float32' }: Constant): Buffer {
  return protobuf([
    [1, packed(shape)],
    [2, varint(ELEMENT_TYPES[type])],
    [8, text(name)],
    [9, toRaw(values, type)],
  ]);
}

function toRaw(values: readonly number[], type: 'float32' | 'int64' | 'bool'): Buffer {
  if (type === 'bool') return Buffer.from(values);
  if (type === 'int64') return Buffer.from(BigInt64Array.from(values, BigInt).buffer);
  return Buffer.from(Float32Array.from(values).buffer);
}

function toValue({ name, type = 'float32', shape }: Value): Buffer {
  const sides = shape.map(
    (side): Field => [
      1,
      protobuf([typeof side === 'number' ? [1, varint(side)] : [2, text(side)]]),
    ],
  );
  const tensor = protobuf([
    [1, varint(ELEMENT_TYPES[type])],
    [2, protobuf(sides)],
  ]);
  return protobuf([
    [1, text(name)],
    [2, protobuf([[1, tensor]])],
  ]);
}
