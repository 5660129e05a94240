import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CORPUS, entries, hasCorpus } from '../corpus.ts';
import { type Running, startOrigin, startServer } from '../integration/running.ts';
import { residentBytes } from '../integration/usage.ts';
import { Asking, PIXELS } from './asking.ts';

const CUTS = 40;
const FLIPPED = 200;
const SEEDS = 5;
/** What the server may grow by over the whole run: caches warm, nothing accumulates. */
const GROWTH_BYTES = 150 * 1024 * 1024;
/** Pixels of larger files are not decoded so often: it would take hours under sanitizers. */
const DECODED_BYTES = 300_000;

let origin: Running;
let server: Running;
let asking: Asking;

beforeAll(async () => {
  origin = await startOrigin(CORPUS);
  server = await startServer({ IMGPROXY_ENABLE_VIDEO_THUMBNAILS: 'true' });
  asking = new Asking(server, origin);
});

afterAll(async () => {
  await server?.stop();
  await origin?.stop();
  await asking?.close();
});

describe.skipIf(!hasCorpus)('every file of the corpus', () => {
  test(`cut at ${CUTS} places is answered or refused, soon`, async () => {
    const cuts = (bytes: number) =>
      Array.from({ length: CUTS }, (_, i) => `cut=${Math.floor((bytes * i) / CUTS)}`);
    expect(await asking.complaints(entries, cuts)).toEqual([]);
  });

  test(`with ${FLIPPED} bytes replaced is answered or refused, soon`, async () => {
    const flips = () =>
      Array.from({ length: SEEDS }, (_, seed) => `flip=${FLIPPED}&seed=${seed + 1}`);
    expect(await asking.complaints(entries, flips)).toEqual([]);
  });

  test('that is not large is decoded or refused, cut or with bytes replaced', async () => {
    const files = entries.filter(({ bytes }) => bytes <= DECODED_BYTES);
    const damages = (bytes: number) => [
      ...[0.3, 0.6, 0.9, 0.99, 1].map((part) => `cut=${Math.floor(bytes * part)}`),
      ...[1, 2, 3].map((seed) => `flip=${10 * seed}&seed=${seed}`),
    ];
    const pids = server.serving();
    expect(await asking.complaints(files, damages, PIXELS)).toEqual([]);
    expect(server.serving()).toEqual(pids);
  });

  test('is answered as before, by the same process, in bounded memory', async () => {
    const pids = server.serving();
    const before = residentBytes(pids);
    await asking.complaints(entries, (bytes) => [`cut=${bytes}`, 'flip=50&seed=99']);
    expect(server.serving()).toEqual(pids);
    expect(residentBytes(pids) - before).toBeLessThan(GROWTH_BYTES);
  });
});
