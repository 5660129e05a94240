import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { probeInRounds } from '../probing.ts';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const PACKET = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
  xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="5"/></rdf:RDF></x:xmpmeta>`;

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(data.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
}

/**
 * A PNG with a date and XMP after its pixels.
 *
 * @param stride Bytes of each chunk of pixels, or what tells them by its index.
 */
function png(stride: number | ((index: number) => number)): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(640, 0);
  header.writeUInt32BE(480, 4);
  header.set([8, 2], 8);
  const pixels = deflateSync(Buffer.alloc(300_000), { level: 0 });
  const chunks = [];
  for (let at = 0; at < pixels.length; ) {
    const length: number = typeof stride === 'number' ? stride : stride(chunks.length);
    chunks.push(chunk('IDAT', pixels.subarray(at, at + length)));
    at += length;
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...chunks,
    chunk('tIME', Buffer.from([7, 234, 1, 2, 3, 4, 5])),
    chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${PACKET}`)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

test.each([
  ['of 8 KiB', 8192, 16],
  ['of 32 KiB', 32_768, 40],
  ['of 60 KB', 60_000, 40],
  ['of 100 KB, the second beyond the first range', 100_000, 40],
  ['of one chunk', 400_000, 16],
])('reads what is behind pixels %s in a second round', (_, stride, tail) => {
  const probed = probeInRounds(png(stride));
  expect(JSON.parse(probed.info.xmp ?? '')).toEqual({ xmp: { Rating: '5' } });
  expect(probed.rounds).toBe(2);
  expect(probed.bytes).toBeLessThanOrEqual(65536 + tail * 1024 + 16);
});

test.each([
  ['that shrink', (index: number) => 40_000 - index * 1000],
  ['that grow', (index: number) => 20_000 + index * 1000],
])('reads what is behind chunks of pixels %s in a second round', (_, lengthOf) => {
  const probed = probeInRounds(png(lengthOf));
  expect(JSON.parse(probed.info.xmp ?? '')).toEqual({ xmp: { Rating: '5' } });
  expect(probed.rounds).toBe(2);
});
