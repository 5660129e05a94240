import { expect, test } from 'vitest';
import { be, box, bytes, fullBox } from '../image/boxes.ts';
import { probeWhole } from '../probing.ts';

const MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map((value) => be(value, 4));
const zeros = (length: number) => Buffer.alloc(length);

/** QTFF, "Track Atoms": 10 seconds of samples of one size. */
function track(id: number, handler: string, timescale: number, entry: Buffer, size: number) {
  const samples = timescale * 10;
  return box(
    'trak',
    fullBox(
      'tkhd',
      0,
      3,
      zeros(8),
      be(id, 4),
      zeros(4),
      be(6000, 4),
      zeros(16),
      ...MATRIX,
      zeros(8),
    ),
    box(
      'mdia',
      fullBox('mdhd', 0, 0, zeros(8), be(timescale, 4), be(samples, 4), zeros(4)),
      fullBox('hdlr', 0, 0, 'mhlr', handler, zeros(13)),
      box(
        'minf',
        box(
          'stbl',
          fullBox('stsd', 0, 0, be(1, 4), entry),
          fullBox('stts', 0, 0, be(1, 4), be(samples, 4), be(1, 4)),
          fullBox('stsc', 0, 0, be(1, 4), be(1, 4), be(samples, 4), be(1, 4)),
          fullBox('stsz', 0, 0, be(size, 4), be(samples, 4)),
          fullBox('stco', 0, 0, be(1, 4), be(8, 4)),
        ),
      ),
    ),
  );
}

const PICTURE = box('SVQ1', zeros(6), be(1, 2), zeros(16), be(64, 2), be(48, 2), zeros(50));

/** "Sound Sample Description": 22050 Hz, 16 bits; `packets` are those of version 1. */
function sound(codec: string, channels: number, packets?: [samples: number, length: number]) {
  const [samples, length] = packets ?? [0, 0];
  const version = bytes(be(packets ? 1 : 0, 2), zeros(6));
  const head = bytes(zeros(6), be(1, 2), version, be(channels, 2), be(16, 2), zeros(4));
  const described = bytes(be(samples, 4), be(length, 4), be(length, 4), be(2, 4));
  return box(codec, head, be(22_050 * 65_536, 4), packets ? described : '');
}

function soundOf(entry: Buffer, timescale = 22_050, size = 1) {
  const file = bytes(
    box('mdat', zeros(64)),
    box(
      'moov',
      fullBox('mvhd', 0, 0, zeros(8), be(600, 4), be(6000, 4), zeros(16), ...MATRIX, zeros(28)),
      track(1, 'vide', 12, PICTURE, 1000),
      track(2, 'soun', timescale, entry, size),
    ),
  );
  return JSON.parse(probeWhole(file).videoStreams!)[1];
}

test.each([
  [1, 'mono'],
  [2, 'stereo'],
])('names the layout of %d channels of QDM2', (channels, layout) => {
  const stream = soundOf(sound('QDM2', channels, [2048, 371]));
  expect(stream).toMatchObject({ codec: 'qdm2', frequency: 22_050, layout, duration: 10 });
});

test('counts the bytes of packets, not of the samples in them', () => {
  // 220500 samples in packets of 2048 and 371 bytes, over 10 seconds.
  expect(soundOf(sound('QDM2', 2, [2048, 371])).bps).toBe(Math.floor((107 * 371 * 8) / 10));
});

test('tells no rate that no integer holds', () => {
  // 4e9 samples of 4 GiB each in 10 seconds.
  const stream = soundOf(sound('QDM2', 2), 400_000_000, 0xffffffff);
  expect(stream).toMatchObject({ codec: 'qdm2', duration: 10 });
  expect(stream).not.toHaveProperty('bps');
});
