import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Chunk } from '../../src/native.ts';
import { SourceChanged } from '../../src/source/errors.ts';
import {
  bytesOf,
  expectHeld,
  FIRST,
  failureOf,
  open,
  openers,
  patterned,
  until,
} from './fetching.ts';
import { type Behaviour, chunked, Origin, serve, serveWhole } from './origin.ts';

const FILE = patterned(500_000);
const SMALL = FILE.subarray(0, 5_000);

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

const fetch = (path: string, behaviour: Behaviour) => {
  origin.on(path, behaviour);
  return open(make(), origin.url(path));
};

describe('a request', () => {
  it('is a GET for the first range, never a HEAD', async () => {
    const { source, first } = await fetch('/file', serve(FILE));
    expectHeld(first, FILE, 0, FIRST);
    expect(origin.seen).toHaveLength(1);
    expect(origin.seen[0]).toMatchObject({
      method: 'GET',
      headers: { range: `bytes=0-${FIRST - 1}`, 'accept-encoding': 'identity' },
    });
    expect(source).toMatchObject({ size: FILE.length, seekable: true });
    expect(source.cost).toEqual({ requests: 1, bytes: FIRST });
    source.close();
  });

  it('says who asks, and what the operator adds', async () => {
    origin.on('/file', serve(FILE));
    const customRequestHeaders = { 'X-Key': 'k', Range: 'bytes=5-6', 'Accept-Encoding': 'gzip' };
    const opener = make({ userAgent: 'imgpeek/1.2', customRequestHeaders });
    await open(opener, origin.url('/file'), {
      headers: { 'x-client': 'c', 'if-none-match': '"x"' },
    });
    expect(origin.seen[0]?.headers).toMatchObject({
      'user-agent': 'imgpeek/1.2',
      'x-key': 'k',
      'x-client': 'c',
      range: `bytes=0-${FIRST - 1}`,
      'accept-encoding': 'identity',
    });
    expect(origin.seen[0]?.headers).not.toHaveProperty('if-none-match');
  });

  it.each([
    '/a%2Fb/%7Ec/~d+e//f/../g/./h',
    '/k?X-Amz-Credential=A%2F2024%2Fs3&X-Amz-Signature=0a%3D&x=a+b&&=',
    '//double',
    "/!$&'()*,;=:@[]",
  ])('has the target %s byte for byte', async (target) => {
    origin.on('*', serve(SMALL));
    await open(make(), origin.url(target));
    expect(origin.seen[0]?.target).toBe(target);
  });

  it('encodes what may not stand in a request line', async () => {
    origin.on('*', serve(SMALL));
    await open(make(), origin.url('/ü b?c=日 d#e'));
    expect(origin.seen[0]?.target).toBe('/%C3%BC%20b?c=%E6%97%A5%20d');
  });

  it('carries the credentials of the URL', async () => {
    origin.on('/file', serve(SMALL));
    await open(make(), origin.url('/file').replace('//', '//me:secret@'));
    const expected = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    expect(origin.seen[0]?.headers.authorization).toBe(expected);
  });
});

describe('the facts of a source', () => {
  it('are the origin’s, however it lies', async () => {
    const headers = {
      'Content-Type': 'Text/HTML; charset=utf-8',
      ETag: '"v1"',
      'Last-Modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
    };
    const { source } = await fetch('/file', serve(FILE, headers));
    expect(source).toMatchObject({
      contentType: 'text/html',
      etag: '"v1"',
      lastModified: 'Mon, 01 Jan 2024 00:00:00 GMT',
    });
  });
});

describe('later ranges', () => {
  it('are fetched at once, near ones as one, small ones rounded up', async () => {
    const { source } = await fetch('/file', serve(FILE));
    const chunks = await source.read([
      { offset: 300_000, length: 10 },
      { offset: 100_000, length: 5_000 },
      { offset: 110_000, length: 5_000 },
      { offset: FILE.length - 100, length: 100 },
    ]);
    expectHeld(chunks, FILE, 100_000, 5_000);
    expectHeld(chunks, FILE, 110_000, 5_000);
    expectHeld(chunks, FILE, 300_000, 10);
    expectHeld(chunks, FILE, FILE.length - 100, 100);
    const ranges = origin.seen.slice(1).map(({ headers }) => headers.range);
    expect(ranges.sort()).toEqual([
      'bytes=100000-114999',
      'bytes=300000-304095',
      `bytes=${FILE.length - 100}-${FILE.length - 1}`,
    ]);
    expect(origin.seen.every(({ headers }) => !headers.range?.includes(','))).toBe(true);
  });

  it('overlap on the wire, four at a time', async () => {
    let now = 0;
    let most = 0;
    const { source } = await fetch('/file', (request) => {
      most = Math.max(most, ++now);
      setTimeout(() => now--, 500);
      return { ...serve(FILE)(request), delay: 500 };
    });
    const ranges = Array.from({ length: 9 }, (_, i) => ({ offset: 50_000 * (i + 1), length: 10 }));
    const chunks = await source.read(ranges);
    for (const { offset } of ranges) expectHeld(chunks, FILE, offset, 10);
    expect(most).toBe(4);
  });

  it('run to the end of the file where they are infinite', async () => {
    const { source } = await fetch('/file', serve(FILE));
    const chunks = await source.read([{ offset: 400_000, length: Number.POSITIVE_INFINITY }]);
    expectHeld(chunks, FILE, 400_000, 100_000);
  });

  it('past the end are not asked for', async () => {
    const { source } = await fetch('/file', serve(FILE));
    expect(await source.read([{ offset: FILE.length, length: 10 }])).toEqual([]);
    expect(origin.seen).toHaveLength(1);
  });

  it('are asked for again where the origin gives less than it was asked for', async () => {
    const { source } = await fetch('/file', (request) => {
      const [, first, last] = /(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
      const end = Math.min(Number(last), Number(first) + 9_999);
      request.headers.range = `bytes=${first}-${end}`;
      return serve(FILE)(request);
    });
    const chunks = await source.read([{ offset: 100_000, length: 35_000 }]);
    expectHeld(chunks, FILE, 100_000, 35_000);
    expect(origin.seen).toHaveLength(5);
  });

  it('of an origin that gives crumbs are given up', async () => {
    const { source } = await fetch('/file', (request) => {
      const [, first] = /(\d+)-/.exec(request.headers.range ?? '') ?? [];
      request.headers.range = `bytes=${first}-${first}`;
      return serve(FILE)(request);
    });
    const error = await failureOf(source.read([{ offset: 100_000, length: 1_000 }]));
    expect(error).toMatchObject({ code: 'SOURCE_INCOMPLETE', status: 422 });
    expect(origin.seen.length).toBeLessThan(20);
  });
});

describe('an origin that does not know ranges', () => {
  const whole: Behaviour = serveWhole(FILE);

  it('is read on in the same response', async () => {
    const { source, first } = await fetch('/file', whole);
    expectHeld(first, FILE, 0, FIRST);
    expect(source).toMatchObject({ seekable: false, size: FILE.length });
    const near = await source.read([{ offset: 150_000, length: 10 }]);
    expectHeld(near, FILE, 150_000, 10);
    const far = await source.read([{ offset: 400_000, length: 1_000 }]);
    expectHeld(far, FILE, 400_000, 1_000);
    expect(bytesOf([...near, ...far])).toBeLessThan(300_000);
    expect(source.cost.requests).toBe(1);
    expect(origin.seen).toHaveLength(1);
    source.close();
  });

  it('is not read further than is needed', async () => {
    const large = patterned(20_000_000);
    const { source } = await fetch('/large', serveWhole(large));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(source.cost.bytes).toBeLessThan(400_000);
    source.close();
    await until(() => origin.open === 0);
  });

  it('gives nothing of what it has gone past', async () => {
    const { source } = await fetch('/file', whole);
    await source.read([{ offset: 200_000, length: 10 }]);
    expect(await source.read([{ offset: 100_000, length: 10 }])).toEqual([]);
    source.close();
  });

  it('is read on to a limit', async () => {
    origin.on('/file', whole);
    const { source } = await open(make({ maxReadOn: 100_000 }), origin.url('/file'));
    const chunks = await source.read([
      { offset: 90_000, length: 50_000 },
      { offset: 300_000, length: 10 },
    ]);
    expectHeld(chunks, FILE, 90_000, 10_000);
    expect(await source.read([{ offset: 300_000, length: 10 }])).toEqual([]);
    source.close();
  });

  it.each([
    ['chunked', { 'Transfer-Encoding': 'chunked' }, chunked(FILE)],
    ['ended by the connection', { Connection: 'close' }, FILE],
  ])('has no size until its end where it is %s', async (_, headers, body) => {
    const { source } = await fetch('/file', serveWhole(body, headers as Record<string, string>));
    expect(source.size).toBeUndefined();
    const rest = await source.read([{ offset: FIRST, length: Number.POSITIVE_INFINITY }]);
    expectHeld(rest, FILE, 400_000, 100_000);
    expect(source.size).toBe(FILE.length);
    source.close();
  });

  it('is known at once where the file is short', async () => {
    const body = chunked(SMALL);
    const { source, first } = await fetch(
      '/short',
      serveWhole(body, { 'Transfer-Encoding': 'chunked' }),
    );
    expectHeld(first, SMALL, 0, SMALL.length);
    expect(source.size).toBe(SMALL.length);
  });
});

describe('a range is a lie where the origin', () => {
  const ranged = (change: (range: string | undefined) => string): Behaviour => {
    return (request) => {
      if (request.headers.range === undefined) return serveWhole(FILE)(request);
      const reply = serve(FILE)(request);
      reply.headers = { ...reply.headers, 'Content-Range': change(request.headers.range) };
      return reply;
    };
  };

  it('answers the whole of a file that ends before the range', async () => {
    const { source, first } = await fetch('/small', serveWhole(SMALL));
    expectHeld(first, SMALL, 0, SMALL.length);
    expect(bytesOf(first)).toBe(SMALL.length);
    expect(source.size).toBe(SMALL.length);
    expect(await source.read([{ offset: 4_990, length: 100 }])).toEqual([]);
  });

  it('answers 206 and the whole file', async () => {
    const { source, first } = await fetch('/file', (request) => {
      request.headers.range = 'bytes=0-';
      return serve(FILE)(request);
    });
    expectHeld(first, FILE, 0, FIRST);
    expect(bytesOf(first)).toBeLessThan(200_000);
    expect(source).toMatchObject({ seekable: true, size: FILE.length });
    expect(origin.seen).toHaveLength(1);
  });

  it('says no size', async () => {
    const hidden: Behaviour = (request) => {
      const reply = serve(FILE)(request);
      if (reply.status !== 206) return { status: 416 };
      const range = String(reply.headers?.['Content-Range']).replace(/\/.*/, '/*');
      return { ...reply, headers: { 'Content-Range': range } };
    };
    const { source, first } = await fetch('/file', hidden);
    expectHeld(first, FILE, 0, FIRST);
    expect(source).toMatchObject({ seekable: true, size: undefined });
    expectHeld(await source.read([{ offset: 400_000, length: 10 }]), FILE, 400_000, 10);
    const end = await source.read([{ offset: FILE.length - 10, length: 100 }]);
    expectHeld(end, FILE, FILE.length - 10, 10);
    expect(await source.read([{ offset: FILE.length + 10, length: 10 }])).toEqual([]);
  });

  it.each([
    ['answers from elsewhere', () => `bytes 100-16483/${FILE.length}`],
    ['answers no proper Content-Range', () => 'bytes 0-'],
    ['answers a Content-Range that contradicts itself', () => 'bytes 0-16383/10'],
    ['answers another unit', () => `pages 0-16383/${FILE.length}`],
  ])('%s: it is asked again without Range', async (_, change) => {
    const { source, first } = await fetch('/file', ranged(change));
    expectHeld(first, FILE, 0, FIRST);
    expect(source).toMatchObject({ seekable: false, size: FILE.length });
    expect(origin.seen.map(({ headers }) => headers.range)).toEqual([
      `bytes=0-${FIRST - 1}`,
      undefined,
    ]);
    source.close();
  });

  it('answers multipart/byteranges: it is asked again without Range', async () => {
    const { source } = await fetch('/file', (request) => {
      if (!request.headers.range) return serveWhole(FILE)(request);
      const headers = { 'Content-Type': 'multipart/byteranges; boundary=x' };
      return { status: 206, headers, body: Buffer.from('--x\r\n') };
    });
    expect(source.seekable).toBe(false);
    expect(origin.seen).toHaveLength(2);
    source.close();
  });

  it('answers 416 for no reason: it is asked again without Range, once', async () => {
    const { source, first } = await fetch('/file', (request) =>
      request.headers.range ? { status: 416 } : serveWhole(FILE)(request),
    );
    expectHeld(first, FILE, 0, FIRST);
    expect(origin.seen).toHaveLength(2);
    source.close();
    const error = await failureOf(fetch('/never', () => ({ status: 416 })));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 416 });
    expect(origin.seen).toHaveLength(4);
  });

  it('answers 416 for no reason: it is asked for no range of the next file', async () => {
    const deaf: Behaviour = (request) =>
      request.headers.range ? { status: 416 } : serveWhole(FILE)(request);
    origin.on('/file', deaf).on('/other', deaf);
    const opener = make();
    for (const path of ['/file', '/other', '/file']) {
      const { source, first } = await open(opener, origin.url(path));
      expectHeld(first, FILE, 0, FIRST);
      source.close();
    }
    expect(origin.seen.map(({ target, headers }) => `${target} ${headers.range}`)).toEqual([
      `/file bytes=0-${FIRST - 1}`,
      '/file undefined',
      '/other undefined',
      '/file undefined',
    ]);
  });

  it('answers 416 for one file alone: it is asked for ranges of the next', async () => {
    origin
      .on('/file', serve(FILE))
      .on('/odd', (request) =>
        request.headers.range ? { status: 416 } : serveWhole(FILE)(request),
      );
    const opener = make();
    for (const path of ['/file', '/odd', '/odd', '/file']) {
      (await open(opener, origin.url(path))).source.close();
    }
    expect(origin.seen.map(({ headers }) => headers.range !== undefined)).toEqual([
      ...[true, true, false, true, false, true],
    ]);
  });

  it('answers 416 for an empty file: it is asked for ranges of the next', async () => {
    origin
      .on('/file', serve(FILE))
      .on('/empty', (request) => (request.headers.range ? { status: 416 } : { status: 200 }));
    const opener = make();
    for (const path of ['/empty', '/file']) {
      (await open(opener, origin.url(path))).source.close();
    }
    expect(origin.seen.at(-1)?.headers.range).toBe(`bytes=0-${FIRST - 1}`);
  });

  it('answers 416 for an empty file', async () => {
    const { source, first } = await fetch('/empty', serve(Buffer.alloc(0)));
    expect(first).toEqual([]);
    expect(source.size).toBe(0);
    expect(origin.seen).toHaveLength(1);
  });

  it('answers 416 without a size for an empty file', async () => {
    const { source, first } = await fetch('/empty', (request) =>
      request.headers.range ? { status: 416 } : { status: 200 },
    );
    expect(first).toEqual([]);
    expect(source.size).toBe(0);
  });

  it('answers 206 to a request without Range', async () => {
    const part = { status: 206, headers: { 'Content-Range': 'bytes 9-18/100' } };
    const error = await failureOf(fetch('/part', () => ({ ...part, body: SMALL.subarray(0, 10) })));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
  });

  it.each([
    ['416', { status: 416 }],
    ['elsewhere', { status: 206, headers: { 'Content-Range': `bytes 0-9/${FILE.length}` } }],
  ])('answers a later range with %s: it is asked without Range', async (_, reply) => {
    const { source } = await fetch('/file', (request) => {
      const later = request.headers.range?.startsWith('bytes=1');
      return later ? { body: Buffer.alloc(10), ...reply } : serve(FILE)(request);
    });
    const chunks = await source.read([{ offset: 100_000, length: 5_000 }]);
    expectHeld(chunks, FILE, 100_000, 5_000);
    expect(origin.seen.at(-1)?.headers.range).toBeUndefined();
  });
});

describe('a file that changes', () => {
  const LAST_MODIFIED = 'Mon, 01 Jan 2024 00:00:00 GMT';
  const OTHER = patterned(500_000).reverse();

  const change = async (before: Behaviour, after: Behaviour): Promise<Chunk[]> => {
    const { source } = await fetch('/file', before);
    origin.on('/file', after);
    return source.read([{ offset: 100_000, length: 5_000 }]);
  };

  it.each([
    ['an ETag', { ETag: '"v1"' }, '"v1"'],
    ['an ETag and a date', { ETag: '"v1"', 'Last-Modified': LAST_MODIFIED }, '"v1"'],
    [
      'an old date',
      { 'Last-Modified': LAST_MODIFIED, Date: 'Mon, 01 Jan 2024 00:01:00 GMT' },
      LAST_MODIFIED,
    ],
    ['a date of this second', { 'Last-Modified': LAST_MODIFIED, Date: LAST_MODIFIED }, undefined],
    ['a date alone', { 'Last-Modified': LAST_MODIFIED }, undefined],
    ['a weak ETag', { ETag: 'W/"v1"' }, undefined],
    ['nothing', {}, undefined],
  ])('is asked for with If-Range by %s', async (_, headers, ifRange) => {
    const fields = headers as Record<string, string>;
    await change(serve(FILE, fields), serve(FILE, fields));
    expect(origin.seen[0]?.headers).not.toHaveProperty('if-range');
    expect(origin.seen[1]?.headers['if-range']).toBe(ifRange);
  });

  it.each<[string, Behaviour, Behaviour]>([
    ['by If-Range', serve(FILE, { ETag: '"v1"' }), serve(OTHER, { ETag: '"v2"' })],
    ['by its weak ETag', serve(FILE, { ETag: 'W/"v1"' }), serve(OTHER, { ETag: 'W/"v2"' })],
    [
      'by its date',
      serve(FILE, { 'Last-Modified': LAST_MODIFIED }),
      serve(OTHER, { 'Last-Modified': 'Tue, 02 Jan 2024 00:00:00 GMT' }),
    ],
    ['by its size', serve(FILE), serve(FILE.subarray(0, 400_000))],
    ['by its size alone, in a 416', serve(FILE), serve(SMALL)],
  ])('is noticed %s', async (_, before, after) => {
    const error = await failureOf(change(before, after));
    expect(error).toBeInstanceOf(SourceChanged);
    expect(error.status).toBe(422);
  });

  it('is not taken for one where the origin does not know its own validator', async () => {
    const headers = { ETag: '"v1"' };
    const chunks = await change(serve(FILE, headers), (request) =>
      request.headers['if-range']
        ? serveWhole(FILE, headers)(request)
        : serve(FILE, headers)(request),
    );
    expectHeld(chunks, FILE, 100_000, 5_000);
    expect(bytesOf(chunks)).toBe(5_000);
    expect(origin.seen).toHaveLength(3);
  });

  it('is not taken for one where the origin forgets ranges', async () => {
    const headers = { ETag: '"v1"' };
    const chunks = await change(serve(FILE, headers), serveWhole(FILE, headers));
    expectHeld(chunks, FILE, 100_000, 5_000);
  });
});

describe('a status', () => {
  it.each([400, 401, 403, 404, 410, 418, 429, 451])('of %i is handed on', async (status) => {
    const error = await failureOf(fetch('/no', () => ({ status, body: Buffer.from('no') })));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status });
    expect(error.message).toBe(`127.0.0.1 answered ${status}`);
  });

  it.each([500, 502, 503, 504, 599])('of %i is a 502', async (status) => {
    const error = await failureOf(fetch('/no', () => ({ status })));
    expect(error).toMatchObject({ code: 'SOURCE_FAILED', status: 502 });
  });

  it.each([201, 203, 204, 300, 304, 305])('of %i is no file', async (status) => {
    const error = await failureOf(fetch('/no', () => ({ status })));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
  });

  it('of a later range counts too', async () => {
    const { source } = await fetch('/file', serve(FILE));
    origin.on('/file', () => ({ status: 503 }));
    const error = await failureOf(source.read([{ offset: 100_000, length: 10 }]));
    expect(error).toMatchObject({ code: 'SOURCE_FAILED', status: 502 });
  });

  it('is told without the query, which may be a signature', async () => {
    origin.on('/no', () => ({ status: 403 }));
    const error = await failureOf(open(make(), origin.url('/no?X-Amz-Signature=abc')));
    expect(error.message).not.toContain('abc');
  });
});

describe('an interim response', () => {
  it('is waited out', async () => {
    const { first } = await fetch('/file', serve(FILE, {}, { interim: [102, 103, 103] }));
    expectHeld(first, FILE, 0, FIRST);
  });
});

describe('a file over the limit', () => {
  it.each<[string, Behaviour]>([
    ['by its Content-Range', serve(FILE)],
    ['by its Content-Length', serveWhole(FILE)],
  ])('is refused %s', async (_, behaviour) => {
    origin.on('/file', behaviour);
    const opener = make({ maxFileSize: FILE.length - 1 });
    const error = await failureOf(open(opener, origin.url('/file')));
    expect(error).toMatchObject({ code: 'INVALID_SOURCE_IMAGE', status: 422 });
    const { source } = await open(make({ maxFileSize: FILE.length }), origin.url('/file'));
    expect(source.size).toBe(FILE.length);
    source.close();
  });

  it('is refused once it has proved too long', async () => {
    origin.on('/file', serveWhole(chunked(FILE), { 'Transfer-Encoding': 'chunked' }));
    const { source } = await open(make({ maxFileSize: 300_000 }), origin.url('/file'));
    const error = await failureOf(source.read([{ offset: 400_000, length: 10 }]));
    expect(error).toMatchObject({ code: 'INVALID_SOURCE_IMAGE', status: 422 });
    source.close();
  });

  it('is told from one by the request’s own limit', async () => {
    origin.on('/file', serve(FILE));
    const limited = make({ maxFileSize: 10 });
    const { source } = await open(limited, origin.url('/file'), { maxFileSize: 0 });
    expect(source.size).toBe(FILE.length);
    const error = await failureOf(open(make(), origin.url('/file'), { maxFileSize: 10 }));
    expect(error.code).toBe('INVALID_SOURCE_IMAGE');
  });
});

describe('an origin that breaks off', () => {
  it('in the first range gives what came', async () => {
    const { source, first } = await fetch('/file', serve(FILE, {}, { breakAfter: 8_000 }));
    expectHeld(first, FILE, 0, 8_000);
    const error = await failureOf(source.read([{ offset: 8_000, length: 20_000 }]));
    expect(error).toMatchObject({ code: 'SOURCE_INCOMPLETE', status: 422 });
  });

  it('before any byte has sent none', async () => {
    const error = await failureOf(fetch('/file', serve(FILE, {}, { breakAfter: 0 })));
    expect(error).toMatchObject({ code: 'SOURCE_INCOMPLETE', status: 422 });
  });

  it.each([
    ['with its length known', FILE, {}],
    ['in chunks', chunked(FILE), { 'Transfer-Encoding': 'chunked' }],
  ])('where it knows no ranges fails what is needed, %s', async (_, body, headers) => {
    const fields = headers as Record<string, string>;
    const behaviour = serveWhole(body, fields, { breakAfter: 200_000 });
    const { source, first } = await fetch('/file', behaviour);
    expectHeld(first, FILE, 0, FIRST);
    expectHeld(await source.read([{ offset: 100_000, length: 10 }]), FILE, 100_000, 10);
    const error = await failureOf(source.read([{ offset: 300_000, length: 10 }]));
    expect(error).toMatchObject({ code: 'SOURCE_INCOMPLETE', status: 422 });
    source.close();
  });

  it('before the head is asked once more', async () => {
    let times = 0;
    const { first } = await fetch('/file', (request) =>
      times++ === 0 ? { status: 0, breakAfter: -1 } : serve(FILE)(request),
    );
    expectHeld(first, FILE, 0, FIRST);
    const error = await failureOf(fetch('/gone', () => ({ status: 0, breakAfter: -1 })));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
    expect(origin.seen).toHaveLength(4);
  });

  it('in a part that is shorter than its Content-Range is incomplete', async () => {
    const { source } = await fetch('/file', (request) => {
      const reply = serve(FILE)(request);
      return request.headers.range?.startsWith('bytes=0-')
        ? reply
        : { ...reply, body: reply.body?.subarray(0, 100) as Uint8Array };
    });
    const error = await failureOf(source.read([{ offset: 100_000, length: 10_000 }]));
    expect(error).toMatchObject({ code: 'SOURCE_INCOMPLETE', status: 422 });
  });
});
