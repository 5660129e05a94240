import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

/** A box at the top of an ISO media file (ISO/IEC 14496-12, 4.2). */
interface Box {
  type: string;
  offset: number;
  size: number;
}

/**
 * Makes a large MP4 whose `moov` stands at its end out of a small one that is laid out like that: its
 * `mdat` grows by zeros that take no place on the disk. Offsets in `moov` stay right, as they are
 * counted from the file's start.
 *
 * @param small Of the boxes …, `mdat`, `moov`.
 * @param size Bytes of the large one, below 4 GiB.
 * @throws Error where the small one is laid out in another way.
 */
export function makeLargeMp4(small: string, large: string, size: number): void {
  const bytes = readFileSync(small);
  const [moov, mdat] = listBoxes(bytes).reverse();
  if (moov?.type !== 'moov' || mdat?.type !== 'mdat') {
    throw new Error(`${small} does not end with mdat and moov`);
  }
  const head = Buffer.from(bytes.subarray(0, moov.offset));
  const moovOffset = size - moov.size;
  head.writeUInt32BE(moovOffset - mdat.offset, mdat.offset);
  const file = openSync(large, 'w');
  try {
    writeSync(file, head, 0, head.length, 0);
    ftruncateSync(file, size);
    writeSync(file, bytes, moov.offset, moov.size, moovOffset);
  } finally {
    closeSync(file);
  }
}

/** The boxes at the top; sizes of 32 bits alone, which are all that a small file has. */
export function listBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let offset = 0; offset + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(offset);
    const type = bytes.toString('latin1', offset + 4, offset + 8);
    if (size < 8 || offset + size > bytes.length) throw new Error(`a box "${type}" of ${size} B`);
    boxes.push({ type, offset, size });
    offset += size;
  }
  return boxes;
}
