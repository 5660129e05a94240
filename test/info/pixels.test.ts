import { expect, test } from 'vitest';
import { Canceller } from '../../src/cancel.ts';
import { PIXELS } from './asking.ts';

test.each([
  ['two files of the largest', 2, 1 << 27],
  ['32 files of unknown size', 32, undefined],
])('%s are held at a time', async (_, count, size) => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const names = Array.from({ length: count + 1 }, (_, name) => name);
  const works = names.map((name) =>
    PIXELS.inMemory(size, [], new Canceller(), () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual(names.slice(0, count));
  ends[0]?.();
  await expect.poll(() => begun).toEqual(names);
  for (const end of ends) end();
  await Promise.all(works);
});
