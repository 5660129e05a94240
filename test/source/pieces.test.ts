import { describe, expect, it } from 'vitest';
import { Pieces } from '../../src/source/pieces.ts';

/** A file whose bytes tell where they stand. */
const FILE = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31) ^ (i >> 8));

/** Gathers the file from `from` on in pieces of `size`, each in a buffer of its own. */
function gather(size: number, from: number, to: number): Pieces {
  const pieces = new Pieces();
  for (let at = from; at < to; at += size) {
    pieces.add(at, FILE.slice(at, Math.min(at + size, to)));
  }
  return pieces;
}

describe('Pieces', () => {
  it.each([1, 7, 255, 256, 4095, 4096, 70_000])('hands on what came in pieces of %i', (size) => {
    const to = size < 10 ? 40_000 : FILE.length;
    const pieces = gather(size, 3, to);
    expect(pieces.bytes).toBe(to - 3);
    let at = 3;
    for (const { offset, data } of pieces.take()) {
      expect(offset).toBe(at);
      expect(data).toEqual(FILE.subarray(at, at + data.length));
      at += data.length;
    }
    expect(at).toBe(to);
    expect(pieces.bytes).toBe(0);
  });

  it('holds no more than twice what trickled in, and a few bytes', () => {
    for (const length of [2, 300, 5_000, 33_000]) {
      const buffers = new Set(
        gather(1, 0, length)
          .take()
          .map(({ data }) => data.buffer),
      );
      const held = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
      expect(held).toBeLessThanOrEqual(2 * length + 256);
    }
  });

  it('keeps a large piece as it came, without a copy', () => {
    const pieces = new Pieces();
    const large = FILE.slice(0, 50_000);
    pieces.add(0, large);
    expect(pieces.take()).toEqual([{ offset: 0, data: large }]);
    pieces.add(0, large);
    expect(pieces.take()[0]?.data).toBe(large);
  });
});
