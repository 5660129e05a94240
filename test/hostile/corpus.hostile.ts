import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CORPUS, entries, hasCorpus } from '../corpus.ts';
import { type Running, startOrigin, startServer } from '../integration/running.ts';
import { residentBytes } from '../integration/usage.ts';

const CUTS = 40;
const FLIPPED = 200;
const SEEDS = 5;
/** Far more than any answer takes, even under sanitizers on a busy machine. */
const TOO_LONG_MS = 2000;
/** What the server may grow by over the whole run: caches warm, nothing accumulates. */
const GROWTH_BYTES = 150 * 1024 * 1024;
const AT_ONCE = 4;

const agent = new Agent({ connections: AT_ONCE });
let origin: Running;
let server: Running;

beforeAll(async () => {
  origin = await startOrigin(CORPUS);
  server = await startServer();
});

afterAll(async () => {
  await server?.stop();
  await origin?.stop();
  await agent.close();
});

/** Asks for everything about a damaged file; what was wrong with the answer, if anything. */
async function complaint(path: string, damage: string): Promise<string | undefined> {
  const source = encodeURIComponent(`${origin.url}/${path}?${damage}`);
  const options = 'pn:1/cs:1/b:1/sf:1/a:1:1/c:0.5:0.5:sm/p:8/avg:1/dc:1:1/bh:4:3/th:1/ph:1/chs:md5';
  const started = performance.now();
  const { statusCode, body } = await request(`${server.url}/info/_/${options}/plain/${source}`, {
    dispatcher: agent,
  });
  const text = await body.text();
  const ms = performance.now() - started;
  const what = `${path}?${damage}`;
  if (statusCode >= 500 || (statusCode !== 200 && statusCode !== 422)) {
    return `${what}: ${statusCode} ${text}`;
  }
  if (statusCode === 200) {
    try {
      JSON.parse(text);
    } catch {
      return `${what}: not JSON`;
    }
  }
  return ms > TOO_LONG_MS ? `${what}: took ${Math.round(ms)} ms` : undefined;
}

async function complaints(damages: (bytes: number) => string[]): Promise<string[]> {
  const tasks = entries.flatMap(({ path, bytes }) =>
    damages(bytes).map((damage) => () => complaint(path, damage)),
  );
  const found: string[] = [];
  const work = async () => {
    for (let task = tasks.pop(); task; task = tasks.pop()) {
      const wrong = await task();
      if (wrong) found.push(wrong);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

describe.skipIf(!hasCorpus)('every file of the corpus', () => {
  test(`cut at ${CUTS} places is answered or refused, soon`, async () => {
    const cuts = (bytes: number) =>
      Array.from({ length: CUTS }, (_, i) => `cut=${Math.floor((bytes * i) / CUTS)}`);
    expect(await complaints(cuts)).toEqual([]);
  });

  test(`with ${FLIPPED} bytes replaced is answered or refused, soon`, async () => {
    const flips = () =>
      Array.from({ length: SEEDS }, (_, seed) => `flip=${FLIPPED}&seed=${seed + 1}`);
    expect(await complaints(flips)).toEqual([]);
  });

  test('is answered as before, by the same process, in bounded memory', async () => {
    const pids = server.serving();
    const before = residentBytes(pids);
    await complaints((bytes) => [`cut=${bytes}`, 'flip=50&seed=99']);
    expect(server.serving()).toEqual(pids);
    expect(residentBytes(pids) - before).toBeLessThan(GROWTH_BYTES);
  });
});
