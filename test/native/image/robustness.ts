import { expect } from 'vitest';
import { type Info, probeSync, type Wanted } from '../../../src/native.ts';
import { EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';

/** Bytes of the first range that the server may ask for, down to absurd ones. */
const FIRST_RANGES = [1, 2, 3, 4, 7, 16, 33, 100, 512, 1000, 4096, 65536];

/** Expects the same answer whatever the first range holds, and gives that answer. */
export function expectSameForEachFirstRange(file: Uint8Array, wanted: Wanted = EVERYTHING): Info {
  const whole = probeWhole(file, wanted);
  for (const length of FIRST_RANGES) {
    expect(probeInRounds(file, wanted, length).info).toEqual(whole);
  }
  return whole;
}

/**
 * Cuts the file at many places, and flips bits in it, and expects an answer or a failure each time:
 * no crash, and no asking without end.
 */
export function expectNoHarmFromDamage(file: Uint8Array, wanted: Wanted = EVERYTHING): void {
  const step = Math.max(1, Math.floor(file.length / 200));
  for (let length = 0; length < file.length; length += step) {
    expectAnAnswer(file.subarray(0, length), wanted);
  }
  const flippable = Math.min(file.length, 2048);
  for (let at = 0; at < flippable; at++) {
    const damaged = Uint8Array.from(file);
    damaged[at] = damaged[at]! ^ (1 << (at % 8));
    expectAnAnswer(damaged, wanted);
    damaged[at] = 0xff;
    expectAnAnswer(damaged, wanted);
  }
}

function expectAnAnswer(file: Uint8Array, wanted: Wanted): void {
  const held = [{ offset: 0, data: file }];
  expect(probeSync(held, file.length, wanted, true)).not.toHaveProperty('need');
  try {
    probeInRounds(file, wanted, 64);
  } catch (error) {
    expect((error as Error).message).not.toMatch(/without end|asked for nothing/);
  }
}
