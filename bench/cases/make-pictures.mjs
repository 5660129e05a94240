// Makes the pictures that are too large to keep: node make-pictures.mjs PHOTO FOLDER
// Plain JavaScript, as it takes sharp, which stands with the rivals' packages.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const [photo, folder] = process.argv.slice(2);

/** Bytes of JPEG for a pixel of noise at the quality below; only the size of the files hangs on it. */
const BYTES_PER_PIXEL = 0.825;
const QUALITY = 90;

/** Numbers in [0, 256) that are the same in each run (xorshift32). */
function noise(length) {
  const bytes = Buffer.allocUnsafe(length);
  let state = 2463534242;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state & 0xff;
  }
  return bytes;
}

/** The APP segments of a JPEG, which stand behind SOI (ITU-T T.81, B.2.1). */
function readAppSegments(bytes) {
  let offset = 2;
  while (bytes[offset] === 0xff && (bytes[offset + 1] & 0xf0) === 0xe0) {
    offset += 2 + bytes.readUInt16BE(offset + 2);
  }
  return bytes.subarray(2, offset);
}

/** A JPEG of about so many bytes with the photo's metadata, which nothing can compress. */
async function makeJpeg(name, bytes) {
  const side = Math.round(Math.sqrt(bytes / BYTES_PER_PIXEL));
  const raw = { width: side, height: side, channels: 3 };
  const picture = await sharp(noise(side * side * 3), { raw })
    .jpeg({ quality: QUALITY })
    .toBuffer();
  const segments = readAppSegments(readFileSync(photo));
  writeFileSync(
    join(folder, name),
    [picture.subarray(0, 2), segments, picture.subarray(2)].reduce((whole, part) =>
      Buffer.concat([whole, part]),
    ),
  );
}

await makeJpeg('100kb.jpg', 100_000);
await makeJpeg('5mb.jpg', 5_000_000);
await makeJpeg('20mb.jpg', 20_000_000);
await sharp(photo).keepMetadata().png().toFile(join(folder, 'photo.png'));
