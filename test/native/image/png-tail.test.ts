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

/** A PNG whose pixels stand in chunks of `stride` bytes, with a date and XMP after them. */
function png(stride: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(640, 0);
  header.writeUInt32BE(480, 4);
  header.set([8, 2], 8);
  const pixels = deflateSync(Buffer.alloc(300_000), { level: 0 });
  const chunks = [];
  for (let at = 0; at < pixels.length; at += stride) {
    chunks.push(chunk('IDAT', pixels.subarray(at, at + stride)));
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
  ['of 8 KiB', 8192],
  ['of one chunk', 400_000],
])('reads what is behind pixels %s in a second round', (_, stride) => {
  const probed = probeInRounds(png(stride));
  expect(JSON.parse(probed.info.xmp ?? '')).toEqual({ xmp: { Rating: '5' } });
  expect(probed.rounds).toBe(2);
  expect(probed.bytes).toBeLessThanOrEqual(65536 + 16 * 1024 + 8);
});
