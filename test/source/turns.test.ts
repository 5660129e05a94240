import { expect, test } from 'vitest';
import { endInTurn } from '../../src/source/turns.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('many that come due together are ended a few a turn, in order', async () => {
  const ended: number[] = [];
  for (let i = 0; i < 100; i++) endInTurn(() => ended.push(i));
  expect(ended).toEqual([]);
  let most = 0;
  for (let turns = 0; turns < 100 && ended.length < 100; turns++) {
    const before = ended.length;
    await nextTurn();
    most = Math.max(most, ended.length - before);
  }
  expect(ended).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(most).toBeLessThanOrEqual(16);
});
