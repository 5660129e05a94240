import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chooseFirstRange } from '../../src/info/first-range.ts';
import { peek } from '../../src/info/peek.ts';
import { probe } from '../../src/native.ts';
import { mergeRanges } from '../../src/source/range.ts';
import { CORPUS, entries, hasCorpus } from '../corpus.ts';
import { DEFAULTS, DIMENSIONS } from '../native/probing.ts';
import { MemorySource } from './memory-source.ts';

const LIMITS = { maxRounds: 16, maxBytes: 128 * 1024 * 1024 };

/** Powers of two from 1 byte to 1 MiB. */
const FIRST_RANGES = Array.from({ length: 21 }, (_, power) => 2 ** power);

/** The most requests for one file, and rounds, from the default first range. */
const MOST = 3;

async function answer(file: Uint8Array, firstRange: number, wanted = DEFAULTS) {
  const source = new MemorySource(file);
  try {
    const { info, rounds, cut } = await peek(source.opened(firstRange), wanted, LIMITS, probe);
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

  test('headers alone take two rounds at most', async () => {
    for (const { path } of entries) {
      const file = readFileSync(CORPUS + path);
      const found = await answer(file, chooseFirstRange(path, 65_536), DIMENSIONS);
      if (found.failure === undefined) expect(found.rounds, path).toBeLessThanOrEqual(2);
    }
  });

  test('the default first range leaves few requests and few bytes of large files', async () => {
    let fetched = 0;
    let held = 0;
    const requests: number[] = [];
    for (const { path } of entries) {
      const file = readFileSync(CORPUS + path);
      const firstRange = chooseFirstRange(path, 65_536);
      const found = await answer(file, firstRange);
      if (found.failure !== undefined) continue;
      requests.push(found.requests ?? 0);
      expect(found.requests, path).toBeLessThanOrEqual(MOST);
      expect(found.rounds, path).toBeLessThanOrEqual(MOST);
      if (file.length <= 256 * 1024) continue;
      fetched += Math.min(file.length, firstRange) + (found.bytes ?? 0);
      held += file.length;
    }
    expect(fetched / held).toBeLessThanOrEqual(0.1);
    const single = requests.filter((count) => count === 1).length;
    expect(single / requests.length).toBeGreaterThanOrEqual(0.95);
  });
});

describe('the first range', () => {
  test.each([
    ['http://a/photo.jpg', 1000],
    ['http://a/photo', 1000],
    ['http://a/photo.TIF?x=y.gif', 2500],
    ['http://a/film.mov#t=1', 2500],
    ['http://a/paper.pdf', 2000],
    ['local:///icon.gif', 500],
    ['http://a/x.unknown', 1000],
  ])('for %s is %i bytes of 1,000', (url, bytes) => {
    expect(chooseFirstRange(url, 1000)).toBe(bytes);
  });

  test('is never empty', () => {
    expect(chooseFirstRange('http://a/b.gif', 1)).toBe(1);
  });
});
