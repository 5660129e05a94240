import { expect, test } from 'vitest';
import { Backoff } from '../../src/processes/backoff.ts';

const WELL = 60_000;

test('a process that ended after it was well is replaced at once, however often', () => {
  const backoff = new Backoff();
  expect([WELL, WELL, WELL].map((lived) => backoff.next(lived))).toEqual([0, 0, 0]);
});

test('one that ends as soon as it starts is waited for longer and longer, but not for ever', () => {
  const backoff = new Backoff();
  const delays = Array.from({ length: 9 }, () => backoff.next(0));
  expect(delays).toEqual([0, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  expect(backoff.next(WELL)).toBe(0);
});
