import { describe, expect, test } from 'vitest';
import { WholeFile } from '../../src/info/whole-file.ts';
import { held, patterned } from '../source/fetching.ts';
import { MemorySource } from './memory-source.ts';

const FILE = patterned(1_000_000);

/** Opens a file with its first kilobyte, and gathers what is taken of it. */
function open(seekable: boolean, file = FILE) {
  const source = new MemorySource(file, file.length, seekable);
  const taken: Uint8Array[] = [];
  const whole = new WholeFile(source.opened(1024), (data) => taken.push(data));
  return { source, whole, taken: () => Buffer.concat(taken) };
}

describe.each([
  ['that can seek', true],
  ['that cannot', false],
])('a file from a source %s', (_, seekable) => {
  test('is taken from its first byte to its last', async () => {
    const { whole, taken } = open(seekable);
    expect(await whole.finish()).toBe(true);
    expect(taken().equals(FILE)).toBe(true);
  });

  test('is taken whole where a peek reads parts of it, which the peek gets', async () => {
    const { whole, taken } = open(seekable);
    const near = await whole.read([{ offset: 1024, length: 9_000 }]);
    expect(held(near, 1024, 9_000).equals(FILE.subarray(1024, 10_024))).toBe(true);
    const far = await whole.read([
      { offset: 600_000, length: 10 },
      { offset: 900_000, length: Infinity },
    ]);
    expect(held(far, 600_000, 10).equals(FILE.subarray(600_000, 600_010))).toBe(true);
    expect(held(far, 900_000, 100_000).equals(FILE.subarray(900_000))).toBe(true);
    await whole.finish();
    expect(taken().equals(FILE)).toBe(true);
  });

  test('has no rest where the first range held it', async () => {
    const { source, whole, taken } = open(seekable, FILE.subarray(0, 1000));
    expect(await whole.finish()).toBe(false);
    expect(taken().length).toBe(1000);
    expect(source.passes).toEqual([]);
  });
});

test('what a peek read in order is not fetched again', async () => {
  const { source, whole, taken } = open(true);
  await whole.read([{ offset: 1000, length: 9_000 }]);
  await whole.read([{ offset: 500_000, length: 9_000 }]);
  await whole.finish();
  expect(source.passes).toEqual([10_000]);
  expect(taken().equals(FILE)).toBe(true);
});

test('what an unseekable source passed on the way to a need is not kept', async () => {
  const { whole } = open(false);
  const chunks = await whole.read([{ offset: 999_000, length: 100 }]);
  const bytes = chunks.reduce((sum, { data }) => sum + data.length, 0);
  expect(bytes).toBeLessThan(FILE.length / 2);
});
