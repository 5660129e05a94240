import { describe, expect, test } from 'vitest';
import { RequestError } from '../../src/errors.ts';
import { peek } from '../../src/info/peek.ts';
import { probe } from '../../src/native.ts';
import { DIMENSIONS } from '../native/probing.ts';
import { MemorySource } from './memory-source.ts';

const LIMITS = { maxRounds: 8, maxBytes: 1 << 20 };

/** A JPEG of 3 × 2 pixels whose frame header stands behind APP2 segments of 60,000 bytes. */
function jpegBehind(segments: number): Uint8Array {
  const app2 = Buffer.alloc(60_002);
  app2.writeUInt16BE(0xffe2, 0);
  app2.writeUInt16BE(60_000, 2);
  const frame = Buffer.from('ffc0000b080002000301011100', 'hex');
  const scan = Buffer.from('ffda0008010100003f00', 'hex');
  const soi = Buffer.from('ffd8', 'hex');
  return Buffer.concat([soi, ...Array(segments).fill(app2), frame, scan]);
}

describe('peek', () => {
  test('answers in one round where the first range holds all', async () => {
    const source = new MemorySource(jpegBehind(1));
    const peeked = await peek(source.opened(65536), DIMENSIONS, LIMITS, probe);
    expect(peeked).toMatchObject({ rounds: 1, cut: false, info: { width: 3, height: 2 } });
    expect(source.reads).toEqual([]);
  });

  test('fetches what the probe asks for', async () => {
    const source = new MemorySource(jpegBehind(1));
    const peeked = await peek(source.opened(1024), DIMENSIONS, LIMITS, probe);
    expect(peeked).toMatchObject({ cut: false, info: { width: 3, height: 2 } });
    expect(peeked.rounds).toBe(2);
  });

  test('asks for no byte beyond the end of the file', async () => {
    const file = jpegBehind(1);
    const source = new MemorySource(file);
    await peek(source.opened(1024), DIMENSIONS, LIMITS, probe);
    for (const { offset, length } of source.reads.flat()) {
      expect(offset + length).toBeLessThanOrEqual(file.length);
    }
  });

  test('stops at the limit of rounds with a clear reason', async () => {
    const source = new MemorySource(jpegBehind(9));
    const peeking = peek(source.opened(1024), DIMENSIONS, { ...LIMITS, maxRounds: 2 }, probe);
    await expect(peeking).rejects.toThrow(/in 2 rounds/);
    await expect(peeking).rejects.toBeInstanceOf(RequestError);
    expect(source.reads).toHaveLength(1);
  });

  test('fetches nothing that would pass the limit of bytes', async () => {
    const source = new MemorySource(jpegBehind(1));
    const peeking = peek(source.opened(1024), DIMENSIONS, { ...LIMITS, maxBytes: 1024 }, probe);
    await expect(peeking).rejects.toMatchObject({ code: 'INVALID_SOURCE_IMAGE', status: 422 });
    expect(source.reads).toEqual([]);
  });

  test('ends where the source gives nothing more', async () => {
    const source = new MemorySource(jpegBehind(1), 2000);
    await expect(peek(source.opened(1024), DIMENSIONS, LIMITS, probe)).rejects.toMatchObject({
      code: 'INVALID_SOURCE_IMAGE',
    });
  });
});
