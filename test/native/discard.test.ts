import { expect, test } from 'vitest';
import { discard } from '../../src/native.ts';

const chunk = (data: Uint8Array, offset = 0) => ({ offset, data });

test('the memory of chunks is given back at once, that of several in one too', () => {
  const memory = new ArrayBuffer(64 * 1024);
  const before = process.memoryUsage().arrayBuffers;
  const own = Buffer.allocUnsafeSlow(8 * 1024 * 1024);
  const chunks = [
    chunk(own),
    chunk(new Uint8Array(memory, 100, 500)),
    chunk(new Uint8Array(memory, 1_000, 20), 600),
  ];
  discard(chunks);
  expect(chunks.map(({ data }) => data.length)).toEqual([0, 0, 0]);
  expect(memory.byteLength).toBe(0);
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(before + 1024 * 1024);
});

test('what is small may lie in memory that others have, and is left', () => {
  const small = Buffer.from('a part of the pool of Node');
  const text = small.toString();
  const other = Buffer.from('another part of it');
  discard([chunk(small)]);
  expect(small.toString()).toBe(text);
  expect(other.toString()).toBe('another part of it');
});
