import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestError } from '../../src/errors.ts';
import type { ByteRange, Chunk } from '../../src/native.ts';
import { HttpOpener } from '../../src/source/http.ts';
import { expectHeld, LOOPBACK, open, patterned } from './fetching.ts';
import { type Behaviour, chunked, Origin, type Seen, serve, serveWhole } from './origin.ts';

const ROUNDS = 40;

let origin: Origin;
let opener: HttpOpener;

beforeAll(async () => {
  origin = await Origin.start();
  opener = new HttpOpener({ ...LOOPBACK, maxReadOn: Number.POSITIVE_INFINITY });
});
afterAll(async () => {
  await opener.close();
  await origin.close();
});

/** Numbers below a bound that are the same in each run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Roll = ReturnType<typeof dice>;

// Honest ones give each byte that is asked for; the others give the file's bytes or fail.
const HONEST: Record<string, (file: Buffer, roll: Roll) => Behaviour> = {
  ranges: (file) => serve(file, { ETag: '"v1"' }),
  whole: (file) => serveWhole(file),
  chunks: (file, roll) =>
    serveWhole(chunked(file, 1 + roll(9_000)), { 'Transfer-Encoding': 'chunked' }),
  gzip: (file) => serve(gzipSync(file, { level: 1 }), { 'Content-Encoding': 'gzip' }),
  'no size': (file) => (request) => {
    const reply = serve(file)(request);
    const range = reply.headers?.['Content-Range'];
    if (reply.status !== 206) return reply;
    return { ...reply, headers: { 'Content-Range': String(range).replace(/\/.*/, '/*') } };
  },
  'whole after a while': (file, roll) => (request) =>
    roll(3) === 0 ? serveWhole(file)(request) : serve(file)(request),
};

const WRONG: Record<string, (file: Buffer, roll: Roll) => Behaviour> = {
  elsewhere: (file, roll) => (request) => {
    if (request.headers.range && roll(2) === 0) request.headers.range = shift(request, roll(9_000));
    return serve(file)(request);
  },
  'broken off': (file, roll) => (request) => ({
    ...serve(file)(request),
    breakAfter: roll(40_000) - 1_000,
  }),
  'wrong statuses': (file, roll) => (request) =>
    roll(3) === 0 ? { status: [204, 206, 302, 416, 503][roll(5)] ?? 0 } : serve(file)(request),
  'longer than it says': (file) => (request) => {
    const reply = serve(file)(request);
    return { ...reply, body: Buffer.concat([reply.body ?? file, Buffer.alloc(100_000, 0xee)]) };
  },
};

function shift({ headers }: Seen, by: number): string {
  return String(headers.range).replace(/\d+/, (first) => String(Math.max(0, Number(first) - by)));
}

function randomRanges(size: number, from: number, roll: Roll): ByteRange[] {
  return Array.from({ length: 1 + roll(4) }, () => {
    const offset = from + roll(Math.max(1, size - from));
    const length =
      roll(8) === 0 ? Number.POSITIVE_INFINITY : roll(2) === 0 ? roll(50) : roll(60_000);
    return { offset, length };
  });
}

function expectOnly(chunks: readonly Chunk[], file: Buffer): void {
  for (const { offset, data } of chunks) {
    const same = file.subarray(offset, offset + data.length).equals(data);
    if (!same) throw new Error(`other bytes were given from ${offset} on`);
  }
}

async function readRandomly(behaviour: Behaviour, file: Buffer, roll: Roll, isHonest: boolean) {
  origin.on('/file', behaviour);
  const firstRange = 1 + roll(40_000);
  const { source, first } = await open(opener, origin.url('/file'), { firstRange });
  const all = [...first];
  try {
    let passed = firstRange;
    for (let reads = roll(4); reads > 0; reads--) {
      const ranges = randomRanges(file.length, passed, roll);
      all.push(...(await source.read(ranges)));
      for (const { offset, length } of isHonest ? ranges : []) {
        const held = Math.min(length, file.length - offset);
        if (held > 0) expectHeld(all, file, offset, held);
        passed = Math.max(passed, offset + Math.max(0, held));
      }
    }
    expectOnly(all, file);
    if (isHonest && source.size !== undefined) expect(source.size).toBe(file.length);
  } finally {
    source.close();
  }
}

describe('random reads', () => {
  it.each(Object.entries(HONEST))('of an origin (%s) give what is asked for', async (_, make) => {
    const roll = dice(1);
    for (let round = 0; round < ROUNDS; round++) {
      const file = patterned(roll(10) === 0 ? roll(10) : roll(200_000));
      await readRandomly(make(file, roll), file, roll, true);
    }
  });

  it.each(Object.entries(WRONG))('of an origin (%s) give no wrong byte', async (_, make) => {
    const roll = dice(2);
    let failed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const file = patterned(roll(200_000));
      try {
        await readRandomly(make(file, roll), file, roll, false);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        failed++;
      }
    }
    expect(failed).toBeLessThan(ROUNDS);
  });
});
