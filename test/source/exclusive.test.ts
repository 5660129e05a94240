import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FIRST, open, openers, patterned } from './fetching.ts';
import { type Behaviour, Origin, serve, serveWhole } from './origin.ts';

const FILE = patterned(400_000);

let origin: Origin;
const { make, close } = openers();

beforeAll(async () => {
  origin = await Origin.start();
});
afterEach(close);
afterAll(() => origin.close());

const fetch = (behaviour: Behaviour) => {
  origin.on('/file', behaviour);
  return open(make(), origin.url('/file'));
};

describe('the memory of what was read', () => {
  it('is the reader’s alone where all came that was asked for', async () => {
    const { source } = await fetch(serve(FILE));
    expect(source.exclusive).toBe(true);
    await source.read([
      { offset: 100_000, length: 70_000 },
      { offset: 300_000, length: 5_000 },
    ]);
    expect(source.exclusive).toBe(true);
    source.close();
  });

  it('is so where the origin knows no ranges and the file has ended', async () => {
    const { source } = await fetch(serveWhole(FILE.subarray(0, FIRST)));
    expect(source.exclusive).toBe(true);
    source.close();
  });

  it('is shared with the connection while the file goes on', async () => {
    const { source } = await fetch(serveWhole(FILE));
    expect(source.exclusive).toBe(false);
    source.close();
  });

  it('is shared for good where the rest of an answer was read out', async () => {
    const { source } = await fetch((request) => {
      const range = `bytes=0-${FIRST + 30_000 - 1}`;
      const reply = serve(FILE)({ ...request, headers: { ...request.headers, range } });
      return { ...reply, trickle: { bytes: FIRST, ms: 20 } };
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(source.exclusive).toBe(false);
    source.close();
  });

  it('is shared with a decoder', async () => {
    const body = gzipSync(FILE.subarray(0, FIRST));
    const { source } = await fetch(serveWhole(body, { 'Content-Encoding': 'gzip' }));
    expect(source.exclusive).toBe(false);
    source.close();
  });
});
