import { describe, expect, it } from 'vitest';
import { NeedsMemory } from '../../src/info/needs-memory.ts';

type Version = Parameters<NeedsMemory['learn']>[1];

const [V1, V2, V3, NONE] = ['"v1"', '"v2"', '"v3"', undefined].map((validator) => ({
  validator,
  size: 400_000,
})) as [Version, Version, Version, Version];
const A = { offset: 100_000, length: 4096 };
const B = { offset: 300_000, length: 4096 };

describe('the memory of needs', () => {
  it('recalls what an answer took', () => {
    const memory = new NeedsMemory();
    memory.learn('url', V1, [A, B]);
    expect(memory.recall('url')).toEqual({ ...V1, ranges: [A, B] });
    expect(memory.recall('other')).toBeUndefined();
  });

  it('keeps it while nothing more is needed', () => {
    const memory = new NeedsMemory();
    memory.learn('url', V1, [A]);
    memory.learn('url', V1, []);
    expect(memory.recall('url')?.ranges).toEqual([A]);
  });

  it('adds what is needed beside it', () => {
    const memory = new NeedsMemory();
    memory.learn('url', V1, [B]);
    memory.learn('url', V1, [A, B]);
    expect(memory.recall('url')?.ranges).toEqual([A, B]);
  });

  it('forgets it with the version', () => {
    const memory = new NeedsMemory();
    memory.learn('url', V1, [A]);
    memory.learn('url', V2, [B]);
    expect(memory.recall('url')).toEqual({ ...V2, ranges: [B] });
    memory.learn('url', V3, []);
    expect(memory.recall('url')).toBeUndefined();
  });

  it('holds nothing without a validator, and nothing that is much', () => {
    const memory = new NeedsMemory();
    memory.learn('url', NONE, [A]);
    memory.learn(
      'many',
      V1,
      [0, 1, 2, 3, 4].map((i) => ({ offset: i * 99_999, length: 1 })),
    );
    memory.learn('long', V1, [{ offset: 0, length: 600_000 }]);
    memory.learn('endless', V1, [{ offset: 0, length: Number.POSITIVE_INFINITY }]);
    for (const key of ['url', 'many', 'long', 'endless'])
      expect(memory.recall(key)).toBeUndefined();
  });

  it('is bounded, and drops what was not asked for the longest', () => {
    const memory = new NeedsMemory();
    const key = (i: number) => `${i}${'x'.repeat(10_000)}`;
    for (let i = 0; i < 1_000; i++) memory.learn(key(i), V1, [A]);
    const held = Array.from({ length: 1_000 }, (_, i) => memory.recall(key(i)) !== undefined);
    expect(held.filter(Boolean).length).toBeLessThan(420);
    expect(held.at(-1)).toBe(true);
    expect(held[0]).toBe(false);
  });
});
