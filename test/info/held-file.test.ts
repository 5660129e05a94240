import { describe, expect, test } from 'vitest';
import { HeldFile } from '../../src/info/held-file.ts';
import { patterned } from '../source/fetching.ts';

const FILE = patterned(1_000_000);

/** Hands a file over in pieces of so many bytes. */
function hold(limit: number, size: number | undefined, piece = 70_000): HeldFile {
  const held = new HeldFile(limit);
  for (let at = 0; at < FILE.length; at += piece) held.add(FILE.subarray(at, at + piece), size);
  return held;
}

describe('a file that is held', () => {
  test.each([
    ['of known size', FILE.length],
    ['of unknown size', undefined],
    ['whose size proves larger than was said', 100_000],
  ])('%s is given whole', (_, size) => {
    const held = hold(FILE.length, size);
    expect(Buffer.from(held.take()).equals(FILE)).toBe(true);
    expect(held.take()).toHaveLength(0);
  });

  test.each([
    ['of a size beyond the limit', FILE.length - 1, FILE.length],
    ['that comes to be beyond the limit', FILE.length - 1, undefined],
  ])('%s is refused', (_, limit, size) => {
    const held = hold(limit, size);
    expect(() => held.check()).toThrow('of which pixels are decoded');
    expect(() => held.take()).toThrow(expect.objectContaining({ code: 'INVALID_SOURCE_IMAGE' }));
  });
});

test('what is held is counted before it is, and refused in time', () => {
  const counted: number[] = [];
  const held = new HeldFile(FILE.length);
  held.add(FILE.subarray(0, 300_000), undefined);
  held.countBy((bytes) => {
    counted.push(bytes);
    if (bytes > 700_000) throw new Error('full');
  });
  held.add(FILE.subarray(300_000, 350_000), undefined);
  expect(() => held.add(FILE.subarray(350_000), undefined)).toThrow('full');
  expect(counted).toEqual([300_000, 700_000, FILE.length]);
});
