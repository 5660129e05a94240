import { expect, test } from 'vitest';
import { probeInRounds } from '../probing.ts';

// RFC 3533, 6: polynomial 0x04c11db7, no reflection.
function checksum(page: Uint8Array): number {
  let sum = 0;
  for (const byte of page) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return sum >>> 0;
}

const BEGINS = 2;
const ENDS = 4;

function page(serial: number, number: number, flags: number, granule: number, packet: Buffer) {
  const lacing = [...Array(Math.floor(packet.length / 255)).fill(255), packet.length % 255];
  const head = Buffer.alloc(27);
  head.write('OggS');
  head[5] = flags;
  head.writeBigUInt64LE(BigInt(granule), 6);
  head.writeUInt32LE(serial, 14);
  head.writeUInt32LE(number, 18);
  head[26] = lacing.length;
  const whole = Buffer.concat([head, Buffer.from(lacing), packet]);
  whole.writeUInt32LE(checksum(whole), 22);
  return whole;
}

/** The header of VP8 in Ogg: version 1.0, 64 × 48 pixels, square, 25 frames a second. */
function vp8Header(): Buffer {
  const header = Buffer.alloc(26);
  header.write('OVP80\u0001\u0001\0', 'latin1');
  header.writeUInt16BE(64, 8);
  header.writeUInt16BE(48, 10);
  header.writeUIntBE(1, 12, 3);
  header.writeUIntBE(1, 15, 3);
  header.writeUInt32BE(25, 18);
  header.writeUInt32BE(1, 22);
  return header;
}

test('finds the picture behind a skeleton, which begins before all other streams', () => {
  const skeleton = Buffer.alloc(64);
  skeleton.write('fishead\0');
  skeleton.writeUInt16LE(3, 8);
  const comments = Buffer.concat([Buffer.from('OVP80\u0002 ', 'latin1'), Buffer.alloc(8)]);
  const frame = Buffer.concat([
    Buffer.from([0x10, 0, 0, 0x9d, 1, 0x2a, 64, 0, 48, 0]),
    Buffer.alloc(99),
  ]);
  const file = Buffer.concat([
    page(7, 0, BEGINS, 0, skeleton),
    page(1, 0, BEGINS, 0, vp8Header()),
    page(1, 1, 0, 0, comments),
    page(7, 1, ENDS, 0, Buffer.alloc(0)),
    page(1, 2, ENDS, 2 ** 32, frame),
  ]);
  const { info, rounds } = probeInRounds(file);
  expect(info).toMatchObject({ format: 'ogg', mimeType: 'video/ogg', width: 64, height: 48 });
  expect(rounds).toBe(1);
});

test("tells rate and layout of FLAC, which the stream's first packet holds", () => {
  const mapping = Buffer.alloc(51);
  mapping.write('\x7fFLAC\u0001\0\0\u0000fLaC', 'latin1');
  mapping.writeUInt32BE(34, 13);
  // RFC 9639, 8.2: 44100 Hz, 2 channels, 16 bits.
  mapping.writeUInt32BE((44_100 << 12) | (1 << 9) | (15 << 4), 27);
  const comments = Buffer.concat([Buffer.from('OVP80\u0002 ', 'latin1'), Buffer.alloc(8)]);
  const frame = Buffer.concat([
    Buffer.from([0x10, 0, 0, 0x9d, 1, 0x2a, 64, 0, 48, 0]),
    Buffer.alloc(99),
  ]);
  const file = Buffer.concat([
    page(1, 0, BEGINS, 0, vp8Header()),
    page(2, 0, BEGINS, 0, mapping),
    page(1, 1, 0, 0, comments),
    page(1, 2, ENDS, 2 ** 32, frame),
    page(2, 1, ENDS, 44_100, Buffer.from([0xff, 0xf8, 0xc9, 0x18, 0, 0, 0, 0])),
  ]);
  expect(JSON.parse(probeInRounds(file).info.videoStreams!)[1]).toMatchObject({
    type: 'audio',
    codec: 'flac',
    frequency: 44_100,
    layout: 'stereo',
  });
});
