import { expect, test } from 'vitest';
import { probeWhole } from '../probing.ts';

type Order = 'II' | 'MM';

/** A JPEG of 40 × 20 pixels whose EXIF holds an orientation of the given type, and nothing else. */
function jpeg(order: Order, type: number, value: Uint8Array): Buffer {
  const exif = Buffer.alloc(26 + value.length);
  const put = (size: 2 | 4, offset: number, number: number) =>
    order === 'II'
      ? exif.writeUIntLE(number, offset, size)
      : exif.writeUIntBE(number, offset, size);
  exif.write(order);
  put(2, 2, 42);
  put(4, 4, 8);
  put(2, 8, 1);
  put(2, 10, 0x0112);
  put(2, 12, type);
  put(4, 14, 1);
  exif.set(value, 18);
  const app1 = Buffer.concat([Buffer.from('Exif\0\0'), exif]);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(app1.length + 2, 4);
  const frame = [0xff, 0xc0, 0, 11, 8, 0, 20, 0, 40, 1, 1, 0x11, 0, 0xff, 0xd9];
  return Buffer.concat([head, app1, Buffer.from(frame)]);
}

/** `value` in as many bytes, in a field of four. */
function field(order: Order, size: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  if (order === 'II') bytes.writeUIntLE(value, 0, size);
  else bytes.writeUIntBE(value, 0, size);
  return bytes;
}

const INTEGERS: [string, number, number][] = [
  ['BYTE', 1, 1],
  ['SHORT', 3, 2],
  ['LONG', 4, 4],
  ['SBYTE', 6, 1],
  ['SSHORT', 8, 2],
  ['SLONG', 9, 4],
];

test.each(INTEGERS)('turns a picture whose orientation is a %s', (_, type, size) => {
  for (const order of ['II', 'MM'] as const) {
    const info = probeWhole(jpeg(order, type, field(order, size, 6)));
    expect([info.orientation, info.width, info.height]).toEqual([6, 20, 40]);
  }
});

test('turns no picture by an orientation that is no integer or out of range', () => {
  for (const file of [
    jpeg('II', 2, field('II', 1, 6)),
    jpeg('II', 7, field('II', 2, 6)),
    jpeg('II', 3, field('II', 2, 9)),
    jpeg('MM', 9, field('MM', 4, 0xfffffffe)),
  ]) {
    const info = probeWhole(file);
    expect([info.orientation, info.width, info.height]).toEqual([1, 40, 20]);
  }
});
