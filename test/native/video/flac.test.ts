import { expect, test } from 'vitest';
import { be, bytes } from '../image/boxes.ts';
import { probeWhole } from '../probing.ts';

/** A PNG's signature and IHDR: 7 × 5 pixels. */
const COVER = bytes(
  '\x89PNG\r\n\x1a\n',
  be(13, 4),
  'IHDR',
  be(7, 4),
  be(5, 4),
  ...[8, 2, 0, 0, 0, 0, 0, 0, 0],
);

/** RFC 9639, 8: STREAMINFO of 44100 Hz, 2 channels, 16 bits, and a picture. */
function flac(samples: number): Buffer {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(4096, 0);
  info.writeUInt16BE(4096, 2);
  const fields = (44_100n << 44n) | (1n << 41n) | (15n << 36n) | BigInt(samples);
  info.writeBigUInt64BE(fields, 10);
  const picture = bytes(be(3, 4), be(9, 4), 'image/png', be(0, 4), be(7, 4), be(5, 4));
  const body = bytes(picture, be(24, 4), be(0, 4), be(COVER.length, 4), COVER);
  return bytes('fLaC', be(34, 4), info, 0x86, be(body.length, 4).subarray(1), body);
}

const streamsOf = (file: Uint8Array) => JSON.parse(probeWhole(file).videoStreams!);

test('gives sound and cover the duration of STREAMINFO', () => {
  const file = flac(44_100 * 90_000 + 22_050);
  expect(probeWhole(file)).toMatchObject({ format: 'flac', width: 7, height: 5 });
  const [sound, cover] = streamsOf(file);
  expect(sound).toMatchObject({
    type: 'audio',
    codec: 'flac',
    frequency: 44_100,
    layout: 'stereo',
  });
  expect(sound.duration).toBe(90_000.5);
  expect(cover).toMatchObject({ type: 'video', codec: 'png', duration: 90_000.5 });
});

test('tells no duration where STREAMINFO does not', () => {
  for (const stream of streamsOf(flac(0))) expect(stream).not.toHaveProperty('duration');
});
