import { expect } from 'vitest';
import { type Info, probeSync, type Wanted } from '../../../src/native.ts';
import { EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';

/** Probes as far as it goes; a failure is the answer where the file is too damaged. */
function probeOrFail(file: Uint8Array, wanted: Wanted, firstRange: number): unknown {
  try {
    return probeInRounds(file, wanted, firstRange).info;
  } catch (error) {
    const { message } = error as Error;
    if (/asks? (without end|for nothing)/.test(message)) throw error;
    return message;
  }
}

/** Expects the same answer whatever part of the file the first range brings, and gives it. */
export function expectSameInAnyRounds(file: Uint8Array, wanted = EVERYTHING): Info {
  const whole = probeWhole(file, wanted);
  for (let first = 1; first < file.length; first = first < 64 ? first + 1 : first * 2) {
    expect(probeInRounds(file, wanted, first).info, `first range of ${first}`).toEqual(whole);
  }
  return whole;
}

/** Expects that no truncation of the file and no damaged byte in its `headers` is beyond an end. */
export function expectBoundedUnderDamage(file: Uint8Array, headers = file.length): void {
  const step = Math.max(1, Math.floor(headers / 400));
  for (let length = 0; length < headers; length += step) {
    const held = [{ offset: 0, data: file.subarray(0, length) }];
    expect(probeSync(held, file.length, EVERYTHING, true)).not.toHaveProperty('need');
    probeOrFail(file.subarray(0, length), EVERYTHING, 16);
  }
  for (let at = 0; at < headers; at += step) {
    for (const mask of [0x01, 0x80, 0xff]) {
      const damaged = Buffer.from(file);
      damaged.writeUInt8(damaged.readUInt8(at) ^ mask, at);
      probeOrFail(damaged, EVERYTHING, 64);
    }
  }
}
