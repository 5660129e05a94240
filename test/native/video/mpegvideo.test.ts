import { expect, test } from 'vitest';
import { DIMENSIONS, probeWhole } from '../probing.ts';

/** ISO/IEC 11172-2, 2.4.2.3, 64 × 48, 25 pictures a second, then pictures of nothing. */
function mpegVideo({ width = 64, aspect = 1, rate = 3, bits = 2880, marker = 1 }): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32BE(0x1b3);
  header.writeUIntBE(width * 0x1000 + 48, 4, 3);
  header[7] = (aspect << 4) | rate;
  header.writeUInt32BE(bits * 0x4000 + marker * 0x2000 + (20 << 3), 8);
  const group = Buffer.from([0, 0, 1, 0xb8, 0, 8, 0, 0x40]);
  const picture = Buffer.from([0, 0, 1, 0, 0, 0x0f, 0xff, 0xf8]);
  const slice = Buffer.concat([Buffer.from([0, 0, 1, 1]), Buffer.alloc(200, 0x55)]);
  const pictures = Array.from({ length: 5 }, () => Buffer.concat([picture, slice]));
  return Buffer.concat([header, group, ...pictures, Buffer.from([0, 0, 1, 0xb7])]);
}

const streamOf = (file: Uint8Array) => JSON.parse(probeWhole(file).videoStreams!)[0];

test('reads bare MPEG video', () => {
  expect(probeWhole(mpegVideo({}))).toMatchObject({
    format: 'mpegvideo',
    mimeType: 'video/mpeg',
    width: 64,
    height: 48,
  });
  expect(streamOf(mpegVideo({}))).toMatchObject({
    type: 'video',
    codec: 'mpeg1video',
    bps: 1_152_000,
    fps: 25,
  });
});

test('tells neither bit rate nor duration where the bit rate is variable', () => {
  const stream = streamOf(mpegVideo({ bits: 0x3ffff }));
  expect(stream).toMatchObject({ codec: 'mpeg1video', fps: 25 });
  expect(stream).not.toHaveProperty('bps');
  expect(stream).not.toHaveProperty('duration');
});

test.each([
  ['a width', { width: 0 }],
  ['an aspect ratio', { aspect: 0 }],
  ['a frame rate', { rate: 0 }],
  ['a frame rate that is known', { rate: 9 }],
  ['the marker bit', { marker: 0 }],
])('takes a start code for no video without %s', (_, fields) => {
  expect(() => probeWhole(mpegVideo(fields), DIMENSIONS)).toThrow('not an image or video');
});
