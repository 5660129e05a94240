import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createInfo } from '../../src/info/info.ts';
import type { Chunk } from '../../src/native.ts';
import { type Probe, probe } from '../../src/native.ts';
import { DIMENSIONS } from '../native/probing.ts';
import { asking, PIXELS } from './asking.ts';
import { MemorySource } from './memory-source.ts';

const FILE = readFileSync('docs/samples/photo.jpg');
const OPTIONS = { firstRange: 64 * 1024, maxRounds: 16, maxBytes: 1 << 27 };

class Exclusive extends MemorySource {
  readonly exclusive = true;
}

/** Asks for all that comes from headers and for a sum; gives the answer and what was held. */
async function ask(source: MemorySource, reader: Probe = probe) {
  const held: Chunk[] = [];
  const opener = {
    open: async (_: string, { firstRange }: { firstRange: number }) => {
      const opened = source.opened(firstRange);
      held.push(...opened.first);
      return opened;
    },
  };
  const answer = createInfo(opener, reader, PIXELS, OPTIONS);
  const asked = asking(DIMENSIONS, { exif: true, xmp: true, calcHashsums: ['md5'] });
  const answered = answer('http://a/photo.jpg', asked, { signal: new AbortController().signal });
  return { answered, held };
}

const copy = () => new Uint8Array(FILE);

describe('what was held of a file', () => {
  it('is discarded with the answer, which is the same', async () => {
    const { answered, held } = await ask(new Exclusive(copy()));
    const { body } = await answered;
    expect(held.map(({ data }) => data.length)).toEqual([0]);
    const { answered: other, held: kept } = await ask(new MemorySource(copy()));
    expect((await other).body).toBe(body);
    expect(kept.map(({ data }) => data.length)).toEqual([OPTIONS.firstRange]);
  });

  it('is left where a probe was given up, as its thread may go on reading', async () => {
    const stuck: Probe = () => Promise.reject(new Error('too long'));
    const { answered, held } = await ask(new Exclusive(copy()), stuck);
    await expect(answered).rejects.toThrow('too long');
    expect(held.map(({ data }) => data.length)).toEqual([OPTIONS.firstRange]);
  });
});
