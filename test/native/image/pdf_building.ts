import { deflateSync } from 'node:zlib';

/** An object's text, or a stream's dictionary (without its length) and data. */
export type PdfSource = string | { dictionary: string; data: Buffer };

/** What is done to the data of a stream of that number before it is written. */
export type Encrypt = (data: Buffer, number: number) => Buffer;

const asIs: Encrypt = (data) => data;

export function indirect(number: number, source: PdfSource, encrypt = asIs): Buffer {
  if (typeof source === 'string') return Buffer.from(`${number} 0 obj\n${source}\nendobj\n`);
  const data = encrypt(source.data, number);
  return Buffer.concat([
    Buffer.from(`${number} 0 obj\n<<${source.dictionary}/Length ${data.length}>>\nstream\r\n`),
    data,
    Buffer.from('\nendstream\nendobj\n'),
  ]);
}

/** A table's entries for objects 1 to n, their offsets given. */
export function table(offsets: number[], trailer: string, start: number): Buffer {
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  const size = offsets.length + 1;
  return Buffer.from(
    `xref\n0 ${size}\n0000000000 65535 f \n${entries.join('')}trailer\n` +
      `<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF\n`,
  );
}

/** A PDF of these objects, numbered from 1, with a cross-reference table. Object 1 is the catalog. */
export function pdf(
  objects: PdfSource[],
  { trailer = '', before = '', encrypt = asIs }: Layout = {},
): Buffer {
  const parts: Buffer[] = [Buffer.from(`%PDF-1.7\n%\xe2\xe3\xcf\xd3\n${before}`, 'latin1')];
  let length = parts[0]!.length;
  const offsets: number[] = [];
  for (const [i, source] of objects.entries()) {
    const part = indirect(i + 1, source, encrypt);
    offsets.push(length);
    length += part.length;
    parts.push(part);
  }
  return Buffer.concat([...parts, table(offsets, trailer, length)]);
}

export interface Layout {
  /** Further entries of the trailer. */
  trailer?: string;
  /** What stands between the header and the first object. */
  before?: string;
  encrypt?: Encrypt;
}

/** PNG's "up" filter over rows of that many bytes. */
function filterUp(data: Buffer, row: number): Buffer {
  const rows: Buffer[] = [];
  for (let at = 0; at < data.length; at += row) {
    const filtered = Buffer.alloc(row + 1, 2);
    for (let x = 0; x < row; x++) {
      filtered[x + 1] = data[at + x]! - (at > 0 ? data[at - row + x]! : 0);
    }
    rows.push(filtered);
  }
  return Buffer.concat(rows);
}

/**
 * A PDF of these objects with a cross-reference stream; those that are text stand in an object
 * stream, apart from those of `apart`.
 */
export function compressedPdf(
  objects: PdfSource[],
  { trailer = '', before = '', encrypt = asIs, apart = [] }: Layout & { apart?: number[] } = {},
): Buffer {
  const parts: Buffer[] = [Buffer.from(`%PDF-1.7\n${before}`, 'latin1')];
  let length = parts[0]!.length;
  const entries: [type: number, field: number, index: number][] = [[0, 0, 255]];
  const add = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  const container = objects.length + 1;
  const pairs: string[] = [];
  let contained = '';
  for (const [i, source] of objects.entries()) {
    const number = i + 1;
    if (typeof source === 'string' && !apart.includes(number)) {
      entries.push([2, container, pairs.length]);
      pairs.push(`${number} ${contained.length}`);
      contained += `${source} `;
    } else {
      entries.push([1, length, 0]);
      add(indirect(number, source, encrypt));
    }
  }
  const first = `${pairs.join(' ')} `;
  entries.push([1, length, 0]);
  const dictionary = `/Type/ObjStm/N ${pairs.length}/First ${first.length}/Filter/FlateDecode`;
  add(indirect(container, { dictionary, data: deflateSync(first + contained.trimEnd()) }, encrypt));

  entries.push([1, length, 0]);
  const rows = Buffer.concat(
    entries.map(([type, field, index]) => {
      const row = Buffer.alloc(6);
      row[0] = type;
      row.writeUInt32BE(field, 1);
      row[5] = index;
      return row;
    }),
  );
  const xref = {
    dictionary:
      `/Type/XRef/W[1 4 1]/Size ${entries.length}/Root 1 0 R${trailer}` +
      '/Filter[/FlateDecode]/DecodeParms[<</Predictor 12/Columns 6>>]',
    data: deflateSync(filterUp(rows, 6)),
  };
  const start = length;
  return Buffer.concat([
    ...parts,
    indirect(container + 1, xref),
    Buffer.from(`startxref\n${start}\n%%EOF\n`),
  ]);
}
