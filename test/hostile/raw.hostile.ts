import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Running, startOrigin, startServer } from '../integration/running.ts';
import { makeDng, makeMakersRaw, X_TRANS } from '../native/pixels/raws.ts';
import { Asking, PIXELS, type Served } from './asking.ts';

const SEEDS = 60;
const CUTS = 20;
/** Bytes of a file's head, in which its directories stand, and of all of it. */
const HEAD = 1_000;

/** A camera RAW of each kind whose samples LibRaw unpacks in a way of its own. */
const RAWS: Record<string, Buffer> = {
  'bayer.dng': makeDng(160, 120, (x, y) => [x / 160, y / 120, 0.5]),
  'x-trans.dng': makeDng(162, 120, (x, y) => [x / 162, y / 120, 0.5], { filters: X_TRANS }),
  'packed.nef': makeMakersRaw('NIKON CORPORATION', 'NIKON D300', 34713),
  'packed.arw': makeMakersRaw('SONY', 'DSLR-A700', 32767),
  'packed.pef': makeMakersRaw('PENTAX', 'PENTAX K10D', 65535),
  'packed.srw': makeMakersRaw('SAMSUNG', 'NX100', 32770),
  'packed.dcr': makeMakersRaw('Kodak', 'DCS Pro SLR/n', 65000),
  'packed.kdc': makeMakersRaw('EASTMAN KODAK COMPANY', 'KODAK EASYSHARE Z981', 32867),
  'lossless.dng': makeMakersRaw('Maker', 'Model', 7, { dng: true }),
  'lossy.dng': makeMakersRaw('Maker', 'Model', 34892, { dng: true }),
  'plain.orf': makeMakersRaw('OLYMPUS IMAGING CORP.', 'E-3', 1, { magic: 'IIRO' }),
  'plain.rw2': makeMakersRaw('Panasonic', 'DMC-FZ8', 1, { magic: 'IIU\0' }),
};

let folder: string;
let origin: Running;
let server: Running;
let asking: Asking;
const files: Served[] = Object.entries(RAWS).map(([path, { length: bytes }]) => ({ path, bytes }));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imgpeek-raw-'));
  for (const [name, file] of Object.entries(RAWS)) writeFileSync(join(folder, name), file);
  origin = await startOrigin(folder);
  server = await startServer({ IMGPROXY_ENABLE_RAW_FORMATS: 'true' });
  asking = new Asking(server, origin);
});

afterAll(async () => {
  await server?.stop();
  await origin?.stop();
  await asking?.close();
  rmSync(folder, { recursive: true });
});

describe('every kind of camera RAW', () => {
  test('is developed or refused, soon and by the same process, cut or with bytes replaced', async () => {
    const seeds = Array.from({ length: SEEDS }, (_, seed) => seed + 1);
    const damages = (bytes: number) => [
      ...Array.from({ length: CUTS }, (_, i) => `cut=${Math.floor((bytes * i) / CUTS)}`),
      ...seeds.map((seed) => `flip=${1 + (seed % 8)}&seed=${seed}&within=${HEAD}`),
      ...seeds.map((seed) => `flip=${8 * (1 + (seed % 8))}&seed=${seed}`),
    ];
    const pids = server.serving();
    expect(await asking.complaints(files, damages, PIXELS)).toEqual([]);
    expect(server.serving()).toEqual(pids);
  });
});
