import * as zlib from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, expectHeld, FIRST, failureOf, open, openers, patterned } from './fetching.ts';
import { type Behaviour, chunked, Origin, serve, serveWhole } from './origin.ts';

const FILE = patterned(400_000);
const CODINGS: Record<string, Buffer> = {
  gzip: zlib.gzipSync(FILE),
  'x-gzip': zlib.gzipSync(FILE),
  GZIP: zlib.gzipSync(FILE),
  deflate: zlib.deflateSync(FILE),
  br: zlib.brotliCompressSync(FILE, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
};
const RAW_DEFLATE = zlib.deflateRawSync(FILE);

let origin: Origin;
const { make, close } = openers();

beforeAll(async () => {
  origin = await Origin.start();
});
beforeEach(() => {
  origin.seen.length = 0;
});
afterEach(close);
afterAll(() => origin.close());

const fetch = (behaviour: Behaviour) => {
  origin.on('/file', behaviour);
  return open(make(), origin.url('/file'));
};

describe('a body that is coded though identity was asked for', () => {
  it.each([
    ...Object.entries(CODINGS),
    ['deflate', RAW_DEFLATE] as const,
  ])('(%s) is asked for without Range and decoded', async (coding, body) => {
    const { source, first } = await fetch(serve(body, { 'Content-Encoding': coding }));
    expect(origin.seen.map(({ headers }) => headers.range)).toEqual([
      `bytes=0-${FIRST - 1}`,
      undefined,
    ]);
    expectHeld(first, FILE, 0, FIRST);
    expect(source).toMatchObject({ seekable: false, size: undefined });
    const later = await source.read([{ offset: 300_000, length: 5_000 }]);
    expectHeld(later, FILE, 300_000, 5_000);
    await source.read([{ offset: 399_999, length: Number.POSITIVE_INFINITY }]);
    expect(source.size).toBe(FILE.length);
    source.close();
  });

  it('is decoded at once where it is the whole', async () => {
    const body = CODINGS.gzip as Buffer;
    const { first } = await fetch(serveWhole(body, { 'Content-Encoding': 'gzip' }));
    expectHeld(first, FILE, 0, FIRST);
    expect(origin.seen).toHaveLength(1);
  });

  it('is decoded at once where the part is the whole', async () => {
    const small = FILE.subarray(0, 3_000);
    const { source, first } = await fetch(
      serve(zlib.gzipSync(small), { 'Content-Encoding': 'gzip' }),
    );
    expectHeld(first, small, 0, small.length);
    expect(source.size).toBe(small.length);
    expect(origin.seen).toHaveLength(1);
  });

  it('is decoded where it comes in small pieces', async () => {
    const body = chunked(CODINGS.gzip as Buffer, 100);
    const headers = { 'Content-Encoding': 'gzip', 'Transfer-Encoding': 'chunked' };
    const { source } = await fetch(serveWhole(body, headers));
    expectHeld(await source.read([{ offset: 200_000, length: 10 }]), FILE, 200_000, 10);
    source.close();
  });

  it('is not inflated further than is needed', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(50_000_000), { level: 1 });
    const { source, first } = await fetch(serveWhole(bomb, { 'Content-Encoding': 'gzip' }));
    expect(bytesOf(first)).toBeLessThan(200_000);
    expect(await source.read([{ offset: 40_000_000, length: 10 }])).toEqual([]);
    source.close();
  });

  it('is held to the limit by what it is decoded', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(5_000_000));
    origin.on('/file', serveWhole(bomb, { 'Content-Encoding': 'gzip' }));
    const { source } = await open(make({ maxFileSize: 500_000 }), origin.url('/file'));
    const error = await failureOf(source.read([{ offset: 600_000, length: 10 }]));
    expect(error).toMatchObject({ code: 'INVALID_SOURCE_IMAGE', status: 422 });
    source.close();
  });

  it('is incomplete where it breaks off', async () => {
    const body = CODINGS.gzip as Buffer;
    const headers = { 'Content-Encoding': 'gzip' };
    const { source, first } = await fetch(serveWhole(body, headers, { breakAfter: 100_000 }));
    expectHeld(first, FILE, 0, FIRST);
    const error = await failureOf(source.read([{ offset: 399_000, length: 10 }]));
    expect(error).toMatchObject({ code: 'SOURCE_INCOMPLETE', status: 422 });
    source.close();
  });

  it('is incomplete where its own end is missing', async () => {
    const body = (CODINGS.gzip as Buffer).subarray(0, 100_000);
    const { source } = await fetch(serveWhole(body, { 'Content-Encoding': 'gzip' }));
    const error = await failureOf(source.read([{ offset: 399_000, length: 10 }]));
    expect(error).toMatchObject({ code: 'SOURCE_INCOMPLETE', status: 422 });
    source.close();
  });

  it('is no image where it is damaged', async () => {
    const body = Buffer.from(CODINGS.gzip as Buffer);
    body.fill(0xff, 1_000, 2_000);
    const error = await failureOf(fetch(serveWhole(body, { 'Content-Encoding': 'gzip' })));
    expect(error).toMatchObject({ code: 'INVALID_SOURCE_IMAGE', status: 422 });
  });

  it('twice is no image', async () => {
    const error = await failureOf(fetch(serve(FILE, { 'Content-Encoding': 'gzip, br' })));
    expect(error).toMatchObject({ code: 'INVALID_SOURCE_IMAGE', status: 422 });
  });

  it('by zstd is decoded where Node can, and refused by name where not', async () => {
    const compress = (zlib as { zstdCompressSync?: (data: Buffer) => Buffer }).zstdCompressSync;
    const body = compress?.(FILE) ?? Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]);
    const opening = fetch(serve(body, { 'Content-Encoding': 'zstd' }));
    if (compress) {
      expectHeld((await opening).first, FILE, 0, FIRST);
    } else {
      const error = await failureOf(opening);
      expect(error).toMatchObject({ code: 'INVALID_SOURCE_IMAGE', status: 422 });
      expect(error.message).toContain('zstd');
    }
  });
});

describe('a Content-Encoding that is none', () => {
  it.each([
    'identity',
    'utf-8',
    'aws-chunked',
    'binary',
    '',
    'none',
  ])('(%s) is passed over', async (coding) => {
    const { source, first } = await fetch(serve(FILE, { 'Content-Encoding': coding }));
    expectHeld(first, FILE, 0, FIRST);
    expect(source).toMatchObject({ seekable: true, size: FILE.length });
  });

  it('but says gzip of bytes that are not is passed over in the whole body', async () => {
    const { source, first } = await fetch(serve(FILE, { 'Content-Encoding': 'gzip' }));
    expectHeld(first, FILE, 0, FIRST);
    expectHeld(await source.read([{ offset: 300_000, length: 10 }]), FILE, 300_000, 10);
    source.close();
  });
});
