import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { gatherProbes } from '../../src/info/gathered-probes.ts';
import type { Probe } from '../../src/native.ts';
import { DIMENSIONS } from '../native/probing.ts';

/** A probe that notes its calls by their key; each takes a millisecond of `clock`. */
function createNoting() {
  const noted: string[] = [];
  const clock = { ms: 0 };
  const probe: Probe = (_, __, ___, ____, key = '') => {
    noted.push(key);
    clock.ms++;
    if (key === 'throws') throw new Error('no memory');
    return key === 'later' ? Promise.resolve({ failure: key }) : { failure: key };
  };
  const gathered = gatherProbes(probe, () => clock.ms);
  return { noted, ask: (key: string) => gathered([], undefined, DIMENSIONS, false, key) };
}

test('begins with the next turn of the event loop, in the order in which they came', async () => {
  const { noted, ask } = createNoting();
  const answers = ['a', 'later', 'b'].map(ask);
  expect(noted).toEqual([]);
  expect(await Promise.all(answers)).toEqual([
    { failure: 'a' },
    { failure: 'later' },
    { failure: 'b' },
  ]);
  expect(noted).toEqual(['a', 'later', 'b']);
});

test('leaves to further turns what is more than one may take', async () => {
  const { noted, ask } = createNoting();
  const answers = Array.from({ length: 10 }, (_, index) => ask(`${index}`));
  await nextTurn();
  expect(noted).toHaveLength(4);
  answers.push(ask('new'));
  await nextTurn();
  expect(noted).toHaveLength(8);
  await Promise.all(answers);
  expect(noted.slice(8)).toEqual(['8', '9', 'new']);
});

test('hands on what is thrown, and goes on', async () => {
  const { ask } = createNoting();
  const [thrown, after] = [ask('throws'), ask('after')];
  await expect(thrown).rejects.toThrow('no memory');
  expect(await after).toEqual({ failure: 'after' });
});
