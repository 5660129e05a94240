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
/** Options that ask for all that headers tell, and for all that pixels and whole files do. */
const HEADERS = 'pn:1/cs:1/b:1/sf:1';
const PIXELS = `${HEADERS}/a:1:1/c:0.5:0.5:sm/p:8/avg:1/dc:1:1/bh:4:3/th:1/ph:1/chs:md5`;
/** Pixels of larger files are not decoded so often: it would take hours under sanitizers. */
const DECODED_BYTES = 300_000;
/** Some pictures of twelve megapixels take seconds, more of them at once and under sanitizers longer. */
const TOO_LONG_DECODING_MS = 9000;

const agent = new Agent({ connections: AT_ONCE });
let origin: Running;
let server: Running;

beforeAll(async () => {
  origin = await startOrigin(CORPUS);
  server = await startServer({ IMGPROXY_ENABLE_VIDEO_THUMBNAILS: 'true' });
});

afterAll(async () => {
  await server?.stop();
  await origin?.stop();
  await agent.close();
});

/** Asks about a damaged file; what was wrong with the answer, if anything. */
async function complaint(
  path: string,
  damage: string,
  options: string,
): Promise<string | undefined> {
  const source = encodeURIComponent(`${origin.url}/${path}?${damage}`);
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
  const tooLong = options === HEADERS ? TOO_LONG_MS : TOO_LONG_DECODING_MS;
  return ms > tooLong ? `${what}: took ${Math.round(ms)} ms` : undefined;
}

async function complaints(
  damages: (bytes: number) => string[],
  options = HEADERS,
  files = entries,
): Promise<string[]> {
  const tasks = files.flatMap(({ path, bytes }) =>
    damages(bytes).map((damage) => () => complaint(path, damage, options)),
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

  test('that is not large is decoded or refused, cut or with bytes replaced', async () => {
    const files = entries.filter(({ bytes }) => bytes <= DECODED_BYTES);
    const damages = (bytes: number) => [
      ...[0.3, 0.6, 0.9, 0.99, 1].map((part) => `cut=${Math.floor(bytes * part)}`),
      ...[1, 2, 3].map((seed) => `flip=${10 * seed}&seed=${seed}`),
    ];
    const pids = server.serving();
    expect(await complaints(damages, PIXELS, files)).toEqual([]);
    expect(server.serving()).toEqual(pids);
  });

  test('is answered as before, by the same process, in bounded memory', async () => {
    const pids = server.serving();
    const before = residentBytes(pids);
    await complaints((bytes) => [`cut=${bytes}`, 'flip=50&seed=99']);
    expect(server.serving()).toEqual(pids);
    expect(residentBytes(pids) - before).toBeLessThan(GROWTH_BYTES);
  });
});
