import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Fills 64 MB of the heap, frees all but a block in fifty, and prints the resident bytes before and
 * after the addon gives back what is free.
 */
const SCRIPT = `
  const { releaseMemory } = require(process.argv[1]);
  const blocks = Array.from({ length: 2_000 }, () => Buffer.alloc(32 * 1024, 1));
  const kept = blocks.filter((_, i) => i % 50 === 49);
  blocks.length = 0;
  global.gc();
  // The buffers are freed by a thread of V8's.
  setTimeout(() => {
    const { rss } = process.memoryUsage();
    releaseMemory();
    const after = process.memoryUsage().rss;
    console.log(JSON.stringify([rss, after, kept.every((block) => block.every((byte) => byte === 1))]));
  }, 300);
`;

// AddressSanitizer has a heap of its own.
const sanitized = (process.env.LD_PRELOAD ?? '').includes('asan');

test.skipIf(sanitized)('free pages within the heap go back to the system', () => {
  const addon = resolve(process.env.IMGPEEK_ADDON ?? 'build/Release/imgpeek.node');
  const args = ['--expose-gc', '-e', SCRIPT, addon];
  // As a serving process has it.
  const env = { ...process.env, MALLOC_ARENA_MAX: '1' };
  const printed = execFileSync(process.execPath, args, { encoding: 'utf8', env });
  const [before, after, intact] = JSON.parse(printed);
  expect(before - after).toBeGreaterThan(30e6);
  expect(intact).toBe(true);
});
