import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { peek } from '../../src/info/peek.ts';
import { mergeRanges } from '../../src/source/range.ts';
import { CORPUS, entries, hasCorpus } from '../corpus.ts';
import { DEFAULTS } from '../native/probing.ts';
import { MemorySource } from './memory-source.ts';

const LIMITS = { maxRounds: 16, maxBytes: 128 * 1024 * 1024 };

/** Powers of two from 1 byte to 1 MiB. */
const FIRST_RANGES = Array.from({ length: 21 }, (_, power) => 2 ** power);

/** The most requests for one file, and rounds, from the default first range. */
const MOST = 3;

async function answer(file: Uint8Array, firstRange: number) {
  const source = new MemorySource(file);
  try {
    const { info, rounds, cut } = await peek(source.opened(firstRange), DEFAULTS, LIMITS);
    const requests = source.reads.map((ranges) => mergeRanges(ranges, file.length, 16 * 1024));
    const bytes = requests.flat().reduce((sum, { length }) => sum + length, 0);
    return { info, rounds, cut, requests: 1 + requests.flat().length, bytes };
  } catch (error) {
    return { failure: String(error).replace(/ \(all that .*$/, '') };
  }
}

describe.skipIf(!hasCorpus)('over the corpus', () => {
  test('answers are the same whatever the first range', async () => {
    const differing: string[] = [];
    for (const { path } of entries) {
      const file = readFileSync(CORPUS + path);
      const whole = await answer(file, file.length);
      for (const firstRange of FIRST_RANGES) {
        const found = await answer(file, firstRange);
        const same =
          JSON.stringify(found.info ?? found.failure) ===
          JSON.stringify(whole.info ?? whole.failure);
        if (!same || found.cut) differing.push(`${path} from ${firstRange}`);
      }
    }
    expect(differing).toEqual([]);
  }, 60_000);

  test('the default first range leaves few requests and few bytes of large files', async () => {
    let fetched = 0;
    let held = 0;
    for (const { path } of entries) {
      const file = readFileSync(CORPUS + path);
      const found = await answer(file, 65_536);
      if (found.failure !== undefined) continue;
      expect(found.requests, path).toBeLessThanOrEqual(MOST);
      expect(found.rounds, path).toBeLessThanOrEqual(MOST);
      if (file.length <= 256 * 1024) continue;
      fetched += 65_536 + (found.bytes ?? 0);
      held += file.length;
    }
    expect(fetched / held).toBeLessThanOrEqual(0.1);
  });
});
