import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CORPUS, hasCorpus } from '../corpus.ts';
import { chunked, Origin, serve, serveWhole } from '../source/origin.ts';
import { type Running, startOrigin, startServer } from './running.ts';
import { peakBytes } from './usage.ts';

/** A GIF of 3 × 2 pixels, and bytes that no one reads but for their sum. */
const GIF = Buffer.concat([
  Buffer.from('474946383961030002000000003b', 'hex'),
  Buffer.alloc(300_000, 'imgpeek'),
]);
const sumOf = (type: string, file: Uint8Array) => createHash(type).update(file).digest('hex');
const MD5 = sumOf('md5', GIF);
const LIMIT = 1_000_000;
const BIG = 300 * 1024 * 1024;

let origin: Origin;
let server: Running;
let files: Running;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imgpeek-'));
  writeFileSync(join(folder, 'big.gif'), GIF);
  truncateSync(join(folder, 'big.gif'), BIG);
  [origin, files, server] = await Promise.all([
    Origin.start(),
    startOrigin(folder),
    startServer({
      IMGPROXY_LOCAL_FILESYSTEM_ROOT: folder,
      IMGPROXY_DOWNLOAD_TIMEOUT: '120',
      IMGPROXY_TIMEOUT: '120',
    }),
  ]);
});
afterAll(async () => {
  await Promise.all([server.stop(), files.stop(), origin.close()]);
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  origin.seen.length = 0;
});

async function ask(options: string, source: string, from = server) {
  const response = await fetch(`${from.url}/info/_/${options}/plain/${encodeURIComponent(source)}`);
  return { status: response.status, text: await response.text() };
}

const sumsOf = async (options: string, source: string) =>
  JSON.parse((await ask(options, source)).text).hashsums;

describe('calc_hashsums', () => {
  it('tells the sums that are asked for, and no other', async () => {
    origin.on('/a', serve(GIF));
    expect(await sumsOf('chs:sha512:md5:sha1:sha256', origin.url('/a'))).toEqual({
      md5: MD5,
      sha1: sumOf('sha1', GIF),
      sha256: sumOf('sha256', GIF),
      sha512: sumOf('sha512', GIF),
    });
    expect(await sumsOf('chs:sha1', origin.url('/a'))).toEqual({ sha1: sumOf('sha1', GIF) });
    expect(await sumsOf('size:1', origin.url('/a'))).toBeUndefined();
  });

  it('asks for the rest of the file in one request, and for what is held no more', async () => {
    origin.on('/a', serve(GIF, { ETag: '"v1"' }));
    expect(await sumsOf('chs:md5', origin.url('/a'))).toEqual({ md5: MD5 });
    const ranges = origin.seen.map(({ headers }) => [headers.range, headers['if-range']]);
    expect(ranges[0]).toEqual([expect.stringMatching(/^bytes=0-\d+$/), undefined]);
    const held = Number(ranges[0]?.[0]?.split('-')[1]) + 1;
    expect(ranges.slice(1)).toEqual([[`bytes=${held}-`, '"v1"']]);
  });

  it('asks for nothing more of a file that the first range holds', async () => {
    const small = GIF.subarray(0, 5_000);
    origin.on('/small', serve(small));
    expect(await sumsOf('chs:md5', origin.url('/small'))).toEqual({ md5: sumOf('md5', small) });
    expect(origin.seen).toHaveLength(1);
  });

  it('reads on where the origin knows no ranges, in one request', async () => {
    origin.on('/whole', serveWhole(GIF));
    origin.on('/chunked', serveWhole(chunked(GIF), { 'Transfer-Encoding': 'chunked' }));
    for (const path of ['/whole', '/chunked']) {
      origin.seen.length = 0;
      const { text } = await ask('chs:md5', origin.url(path));
      expect(JSON.parse(text)).toMatchObject({ size: GIF.length, hashsums: { md5: MD5 } });
      expect(origin.seen).toHaveLength(1);
    }
  });

  it('goes on where the origin gives less than it is asked for', async () => {
    const parts = serve(GIF);
    origin.on('/parts', (request) => {
      const [first, last] = (request.headers.range ?? '').slice(6).split('-').map(Number);
      const most = (first ?? 0) + 99_999;
      const range = `bytes=${first}-${Math.min(last || most, most)}`;
      return parts({ ...request, headers: { ...request.headers, range } });
    });
    expect(await sumsOf('chs:md5', origin.url('/parts'))).toEqual({ md5: MD5 });
  });

  it('is of the file, however the origin coded it', async () => {
    origin.on('/coded', serveWhole(gzipSync(GIF), { 'Content-Encoding': 'gzip' }));
    expect(await sumsOf('chs:md5', origin.url('/coded'))).toEqual({ md5: MD5 });
  });

  it('is of one version of a file that changes meanwhile', async () => {
    const second = Buffer.from(GIF).fill(7, 100_000);
    const versions = [serve(GIF, { ETag: '"v1"' }), serve(second, { ETag: '"v2"' })];
    let asked = 0;
    origin.on('/changing', (request) => versions[Math.min(1, asked++)]!(request));
    expect(await sumsOf('chs:md5', origin.url('/changing'))).toEqual({ md5: sumOf('md5', second) });
  });

  it('is 422 where the file breaks off, and where it is over the limit', async () => {
    origin.on('/broken', serve(GIF, {}, { breakAfter: 70_000 }));
    expect(await ask('chs:md5', origin.url('/broken'))).toEqual({
      status: 422,
      text: 'Source response is incomplete',
    });
    const limited = await startServer({ IMGPROXY_MAX_SRC_FILE_SIZE: `${LIMIT}` });
    const endless = Buffer.concat([GIF, Buffer.alloc(2 * LIMIT)]);
    origin.on('/endless', serveWhole(chunked(endless), { 'Transfer-Encoding': 'chunked' }));
    const answers = [
      await ask('size:1', origin.url('/endless'), limited),
      await ask('chs:md5', origin.url('/endless'), limited),
    ];
    await limited.stop();
    expect(answers.map(({ status }) => status)).toEqual([200, 422]);
  });

  it.runIf(hasCorpus)('is absent of a video, of which no more is fetched for it', async () => {
    const corpus = await startOrigin(CORPUS);
    const video = `${corpus.url}/mp4/synth__h264-aac-faststart.mp4`;
    const { status, text } = await ask('chs:md5', video).finally(() => corpus.stop());
    expect([status, JSON.parse(text).hashsums]).toEqual([200, undefined]);
  });

  it('takes no more memory for a file of 300 MB', async () => {
    const [pid] = server.serving();
    await ask('chs:md5', origin.url('/a'));
    const before = peakBytes(pid!);
    const sums = await Promise.all([
      sumsOf('chs:md5', `${files.url}/big.gif`),
      sumsOf('chs:sha1:md5', 'local:///big.gif'),
    ]);
    expect(sums[0].md5).toMatch(/^[0-9a-f]{32}$/);
    expect(sums[1].md5).toBe(sums[0].md5);
    expect(peakBytes(pid!) - before).toBeLessThan(BIG / 3);
  }, 240_000);
});

describe('hashsum', () => {
  it('answers a file that has the sum, and tells it not', async () => {
    origin.on('/a', serve(GIF));
    const { status, text } = await ask(`hs:md5:${MD5.toUpperCase()}`, origin.url('/a'));
    expect([status, JSON.parse(text).hashsums]).toEqual([200, undefined]);
  });

  it('is 422 for one that has another', async () => {
    origin.on('/a', serve(GIF));
    const wrong = { status: 422, text: 'Source image hashsum mismatch' };
    expect(await ask(`hs:sha1:${sumOf('sha1', Buffer.of(1))}`, origin.url('/a'))).toEqual(wrong);
    expect(await ask(`chs:md5/hs:md5:${'0'.repeat(32)}`, origin.url('/a'))).toEqual(wrong);
  });

  it.runIf(hasCorpus)('is not checked of a video', async () => {
    const corpus = await startOrigin(CORPUS);
    const video = `${corpus.url}/mp4/synth__h264-aac-faststart.mp4`;
    const { status } = await ask(`hs:md5:${MD5}`, video).finally(() => corpus.stop());
    expect(status).toBe(200);
  });
});
