// sharp's metadata as JSON: its blocks are bytes that nothing decodes, so that they go as Base64.
import sharp from 'sharp';

export async function readMetadata(bytes) {
  const metadata = await sharp(bytes).metadata();
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      name,
      Buffer.isBuffer(value) ? value.toString('base64') : value,
    ]),
  );
}
