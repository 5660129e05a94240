/** Bytes of numbers (one byte each), texts (Latin-1) and other bytes, one after the other. */
export function bytes(...parts: (number | string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'number'
        ? Buffer.of(part)
        : typeof part === 'string'
          ? Buffer.from(part, 'latin1')
          : part,
    ),
  );
}

/** An unsigned big-endian integer. */
export function be(value: number, length: 1 | 2 | 4 | 8): Buffer {
  const out = Buffer.alloc(length);
  if (length === 8) out.writeBigUInt64BE(BigInt(value));
  else out.writeUIntBE(value, 0, length);
  return out;
}

/** A box of ISO/IEC 14496-12. */
export function box(type: string, ...contents: (number | string | Uint8Array)[]): Buffer {
  const body = bytes(...contents);
  return bytes(be(8 + body.length, 4), type, body);
}

/** The same with its size in 64 bits. */
export function largeBox(type: string, ...contents: (number | string | Uint8Array)[]): Buffer {
  const body = bytes(...contents);
  return bytes(be(1, 4), type, be(16 + body.length, 8), body);
}

/** The same that runs to the end of the file. */
export function lastBox(type: string, ...contents: (number | string | Uint8Array)[]): Buffer {
  return bytes(be(0, 4), type, ...contents);
}

/** A box with a version and flags. */
export function fullBox(
  type: string,
  version: number,
  flags: number,
  ...contents: (number | string | Uint8Array)[]
): Buffer {
  return box(type, be(version * 0x1000000 + flags, 4), ...contents);
}

/** A `uuid` box. */
export function uuidBox(uuid: string, ...contents: (number | string | Uint8Array)[]): Buffer {
  return box('uuid', Buffer.from(uuid.replaceAll('-', ''), 'hex'), ...contents);
}

/** A TIFF structure whose only directory tells an orientation. */
export function exifOf(orientation: number): Buffer {
  return bytes(
    ...['II*\0', 8, 0, 0, 0, 1, 0],
    ...[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
    ...[0, 0, 0, 0],
  );
}

/** An XMP packet with one property, `xmp:Rating`. */
export function xmpOf(rating: number): Buffer {
  return bytes(
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">',
    `<xmp:Rating>${rating}</xmp:Rating></rdf:Description></rdf:RDF></x:xmpmeta>`,
  );
}
