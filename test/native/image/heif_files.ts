import { be, box, bytes, fullBox } from './boxes.ts';

/** An item of a HEIF file that is being made. */
export interface Item {
  id: number;
  type: string;
  hidden?: boolean;
  contentType?: string;
  /** Indices of `properties` from 1 on, in the order of association. */
  properties?: number[];
  data?: Uint8Array;
  /** Where its data goes: after the meta box (0, default), or into `idat` (1). */
  construction?: 0 | 1;
}

/** What a HEIF file is made of. */
export interface HeifFile {
  brands?: string;
  primary?: number;
  items: Item[];
  properties?: Uint8Array[];
  /** Type, from, to. */
  references?: [string, number, number[]][];
  ilocVersion?: 0 | 1 | 2;
  /** Bytes of pixels in `mdat`, before the items' data. */
  pixels?: number;
  metaAfterPixels?: boolean;
  /** Bytes of pixels between `meta` and the items' data are in a box of this kind. */
  wrap?: (type: string, ...contents: Uint8Array[]) => Buffer;
  /** Boxes after all others. */
  tail?: Uint8Array;
}

export const ispe = (width: number, height: number) =>
  fullBox('ispe', 0, 0, be(width, 4), be(height, 4));
export const irot = (quarters: number) => box('irot', quarters);
export const imir = (axis: number) => box('imir', axis);
/** Width and height as fractions; no offset. */
export const clap = (...fractions: [number, number, number, number]) =>
  box('clap', ...fractions.map((number) => be(number, 4)), be(0, 4), be(1, 4), be(0, 4), be(1, 4));
export const hvcC = (lumaBits: number) => box('hvcC', Buffer.alloc(17), 0xf8 + lumaBits - 8, 0);
export const av1C = (flags: number) => box('av1C', 0x81, 0, flags, 0);
export const auxC = (type: string) => fullBox('auxC', 0, 0, `${type}\0`);
/** The contents of an `Exif` item. */
export const exifItem = (tiff: Uint8Array) => bytes(be(0, 4), tiff);

function metaBox(file: HeifFile, dataOffset: number): Buffer {
  const version = file.ilocVersion ?? 1;
  const idLength = version === 2 ? 4 : 2;
  const parts: Buffer[] = [];
  const idat: Uint8Array[] = [];
  let idatLength = 0;
  let offset = dataOffset;
  for (const item of file.items) {
    if (!item.data) continue;
    const inIdat = item.construction === 1;
    parts.push(
      be(item.id, idLength),
      version === 0 ? Buffer.alloc(0) : be(inIdat ? 1 : 0, 2),
      bytes(be(0, 2), be(1, 2), be(inIdat ? idatLength : offset, 4), be(item.data.length, 4)),
    );
    if (inIdat) {
      idat.push(item.data);
      idatLength += item.data.length;
    } else {
      offset += item.data.length;
    }
  }
  const located = file.items.filter(({ data }) => data).length;
  const iloc = fullBox('iloc', version, 0, 0x44, 0x00, be(located, idLength), ...parts);
  const infe = file.items.map(({ id, type, hidden, contentType }) =>
    fullBox('infe', 2, hidden ? 1 : 0, be(id, 2), be(0, 2), type, '\0', contentType ?? '', '\0\0'),
  );
  const described = file.items.filter(({ properties }) => properties);
  return fullBox(
    'meta',
    0,
    0,
    fullBox('hdlr', 0, 0, be(0, 4), 'pict', Buffer.alloc(12), '\0'),
    file.primary === undefined ? '' : fullBox('pitm', 0, 0, be(file.primary, 2)),
    iloc,
    fullBox('iinf', 0, 0, be(infe.length, 2), ...infe),
    fullBox(
      'iref',
      0,
      0,
      ...(file.references ?? []).map(([type, from, to]) =>
        box(type, be(from, 2), be(to.length, 2), ...to.map((id) => be(id, 2))),
      ),
    ),
    box(
      'iprp',
      box('ipco', ...(file.properties ?? [])),
      fullBox(
        'ipma',
        0,
        0,
        be(described.length, 4),
        ...described.map(({ id, properties = [] }) =>
          bytes(be(id, 2), properties.length, ...properties),
        ),
      ),
    ),
    idat.length === 0 ? '' : box('idat', ...idat),
  );
}

/** A HEIF file with `ftyp`, `meta` and `mdat`. */
export function heif(file: HeifFile): Buffer {
  const brands = file.brands ?? 'heicmif1heic';
  const ftyp = box('ftyp', brands.slice(0, 4), be(0, 4), brands.slice(4));
  const wrap = file.wrap ?? box;
  const pixels = Buffer.alloc(file.pixels ?? 0, 0x55);
  const data = file.items.flatMap((item) =>
    item.data && item.construction !== 1 ? [item.data] : [],
  );
  const mdat = wrap('mdat', pixels, ...data);
  const header = mdat.length - pixels.length - data.reduce((sum, { length }) => sum + length, 0);
  const metaLength = metaBox(file, 0).length;
  const before = ftyp.length + (file.metaAfterPixels ? 0 : metaLength) + header + pixels.length;
  const meta = metaBox(file, before);
  const tail = file.tail ?? Buffer.alloc(0);
  return file.metaAfterPixels
    ? Buffer.concat([ftyp, mdat, meta, tail])
    : Buffer.concat([ftyp, meta, mdat, tail]);
}
