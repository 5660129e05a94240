/** A field by its number: bytes, a whole number, or a float of 32 bits. */
export type Field = [number: number, value: Buffer | bigint | number];

const VARINT = 0;
const BYTES = 2;
const FLOAT = 5;

/** A message of Protocol Buffers. */
export function protobuf(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(toField));
}

/** A whole number, as the value of a field. */
export function varint(value: number): bigint {
  return BigInt(value);
}

/** Text, as the value of a field. */
export function text(value: string): Buffer {
  return Buffer.from(value);
}

/** Whole numbers in a row, as the value of a field. */
export function packed(values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => encode(BigInt(value))));
}

function toField([number, value]: Field): Buffer {
  const tag = (type: number) => encode(BigInt((number << 3) | type));
  if (Buffer.isBuffer(value)) {
    return Buffer.concat([tag(BYTES), encode(BigInt(value.length)), value]);
  }
  if (typeof value === 'bigint') return Buffer.concat([tag(VARINT), encode(value)]);
  const float = Buffer.alloc(4);
  float.writeFloatLE(value);
  return Buffer.concat([tag(FLOAT), float]);
}

function encode(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, value);
  do {
    const more = left > 0x7fn ? 0x80 : 0;
    bytes.push(Number(left & 0x7fn) | more);
    left >>= 7n;
  } while (left > 0n);
  return Buffer.from(bytes);
}
