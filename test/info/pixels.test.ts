import { expect, test } from 'vitest';
import { Canceller } from '../../src/cancel.ts';
import { PIXELS } from './asking.ts';

test.each([
  ['of the largest', 1 << 27],
  ['of unknown size', undefined],
])('two files %s are held at a time', async (_, size) => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const works = [0, 1, 2].map((name) =>
    PIXELS.inMemory(size, [], new Canceller(), () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  ends[0]?.();
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  for (const end of ends) end();
  await Promise.all(works);
});
