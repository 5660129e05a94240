/** Field types of TIFF, by name, with their number and the bytes of a value. */
const TYPES = {
  byte: [1, 1],
  ascii: [2, 1],
  short: [3, 2],
  long: [4, 4],
  rational: [5, 8],
  undefined: [7, 1],
  srational: [10, 8],
  ifd: [13, 4],
  long8: [16, 8],
  ifd8: [18, 8],
} as const;

export type FieldType = keyof typeof TYPES;

/** A field: numbers (rationals as numerator, denominator, …), text, bytes, or what it points to. */
export interface Field {
  tag: number;
  type: FieldType;
  value: readonly number[] | string | Uint8Array | readonly (Directory | Uint8Array)[];
}

export type Directory = readonly Field[];

/** How a TIFF is laid out. */
export interface Layout {
  order?: 'II' | 'MM';
  bigTiff?: boolean;
  /** In place of the byte order and 42. */
  magic?: string;
  /** Bytes right after the header. */
  prefix?: Uint8Array;
  /** Bytes of pixels before each directory of the chain. */
  pixels?: number;
  /** Values stand before their directory, as some writers put them. */
  valuesFirst?: boolean;
}

export const short = (tag: number, ...value: number[]): Field => ({ tag, type: 'short', value });
export const long = (tag: number, ...value: number[]): Field => ({ tag, type: 'long', value });
export const rational = (tag: number, ...value: number[]): Field => ({
  tag,
  type: 'rational',
  value,
});
export const text = (tag: number, value: string): Field => ({
  tag,
  type: 'ascii',
  value: `${value}\0`,
});
export const blob = (tag: number, value: Uint8Array, type: FieldType = 'undefined'): Field => ({
  tag,
  type,
  value,
});
export const pointer = (tag: number, ...value: (Directory | Uint8Array)[]): Field => ({
  tag,
  type: 'long',
  value,
});

/** The fields without which there is no picture. */
export const picture = (width: number, height: number, ...more: Field[]): Directory => [
  long(256, width),
  long(257, height),
  ...more,
];

class TiffBuilder {
  private readonly parts: Buffer[] = [];
  private length = 0;
  private readonly layout: Layout;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  private get big(): boolean {
    return this.layout.bigTiff ?? false;
  }

  integer(value: number, bytes: number): Buffer {
    const out = Buffer.alloc(bytes);
    if (bytes === 8) {
      if (this.layout.order === 'MM') out.writeBigUInt64BE(BigInt(value));
      else out.writeBigUInt64LE(BigInt(value));
    } else if (this.layout.order === 'MM') out.writeUIntBE(value, 0, bytes);
    else out.writeUIntLE(value, 0, bytes);
    return out;
  }

  /** Appends at an even offset, and says where. */
  append(data: Uint8Array): number {
    if (this.length % 2 === 1) this.push(Buffer.alloc(1));
    const at = this.length;
    this.push(Buffer.from(data));
    return at;
  }

  private push(data: Buffer): void {
    this.parts.push(data);
    this.length += data.length;
  }

  header(): void {
    const { order = 'II', prefix = new Uint8Array() } = this.layout;
    const magic = this.layout.magic
      ? Buffer.from(this.layout.magic, 'latin1')
      : Buffer.concat([Buffer.from(order), this.integer(this.big ? 43 : 42, 2)]);
    this.append(magic);
    if (this.big) this.append(Buffer.concat([this.integer(8, 2), this.integer(0, 2)]));
    this.append(Buffer.alloc(this.big ? 8 : 4));
    this.append(prefix);
  }

  /** Appends directories, chained; gives the offset of the first. */
  chain(directories: readonly Directory[], pixels = 0): number {
    let first = 0;
    let link: Buffer | undefined;
    for (const directory of directories) {
      this.append(Buffer.alloc(pixels));
      const { offset, next } = this.directory(directory);
      if (link) this.integer(offset, link.length).copy(link);
      else first = offset;
      link = next;
    }
    return first;
  }

  private directory(unsorted: Directory): { offset: number; next: Buffer } {
    const fields = [...unsorted].sort((a, b) => a.tag - b.tag);
    const word = this.big ? 8 : 4;
    const values = fields.map((field) => this.valueOf(field));
    const offsets = new Map<number, number>();
    const appendLong = () => {
      for (const [i, value] of values.entries()) {
        if (value.length > word) offsets.set(i, this.append(value));
      }
    };
    if (this.layout.valuesFirst) appendLong();
    const table = Buffer.alloc((this.big ? 8 : 2) + fields.length * (this.big ? 20 : 12) + word);
    const next = table.subarray(table.length - word);
    const offset = this.append(table);
    // The very bytes that were appended are filled in below.
    const own = this.parts[this.parts.length - 1]!;
    if (!this.layout.valuesFirst) appendLong();
    let at = this.integer(fields.length, this.big ? 8 : 2).copy(own);
    for (const [i, field] of fields.entries()) {
      const [type, size] = TYPES[field.type];
      const value = values[i]!;
      at += this.integer(field.tag, 2).copy(own, at);
      at += this.integer(type, 2).copy(own, at);
      at += this.integer(value.length / size, word).copy(own, at);
      (offsets.has(i) ? this.integer(offsets.get(i)!, word) : value).copy(own, at);
      at += word;
    }
    return { offset, next: own.subarray(own.length - next.length) };
  }

  private valueOf({ type, value }: Field): Buffer {
    if (typeof value === 'string') return Buffer.from(value, 'latin1');
    if (value instanceof Uint8Array) return Buffer.from(value);
    const size = type === 'rational' || type === 'srational' ? 4 : TYPES[type][1];
    const numbers = value.map((item) => {
      if (typeof item === 'number') return item;
      return item instanceof Uint8Array ? this.append(item) : this.chain([item]);
    });
    return Buffer.concat(numbers.map((item) => this.integer(item, size)));
  }

  finish(first: number): Buffer {
    const file = Buffer.concat(this.parts);
    this.integer(first, this.big ? 8 : 4).copy(file, this.big ? 8 : 4);
    return file;
  }
}

/** A TIFF of these directories, chained: each with its values and what it points to. */
export function buildTiff(chain: readonly Directory[], layout: Layout = {}): Buffer {
  const builder = new TiffBuilder(layout);
  builder.header();
  return builder.finish(builder.chain(chain, layout.pixels));
}
