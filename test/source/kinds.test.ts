import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestError } from '../../src/errors.ts';
import { FileOpener } from '../../src/source/file.ts';
import { HttpOpener } from '../../src/source/http.ts';
import { SchemeOpener } from '../../src/source/scheme.ts';
import type { Opened } from '../../src/source/source.ts';
import { expectHeld, FIRST, failureOf, LOOPBACK, open, patterned } from './fetching.ts';
import { chunked, Origin, serve, serveWhole } from './origin.ts';

const FILE = patterned(300_001);

let directory: string;
let origin: Origin;
let http: HttpOpener;
let opener: SchemeOpener;

beforeAll(async () => {
  directory = await fs.mkdtemp(join(tmpdir(), 'imgpeek-'));
  await fs.writeFile(join(directory, 'file'), FILE);
  await fs.writeFile(join(directory, 'small'), FILE.subarray(0, 100));
  origin = await Origin.start();
  const unknown = { 'Transfer-Encoding': 'chunked' };
  origin
    .on('/ranges/file', serve(FILE))
    .on('/ranges/small', serve(FILE.subarray(0, 100)))
    .on('/whole/file', serveWhole(FILE))
    .on('/whole/small', serveWhole(FILE.subarray(0, 100)))
    .on('/chunked/file', serveWhole(chunked(FILE), unknown))
    .on('/chunked/small', serveWhole(chunked(FILE.subarray(0, 100)), unknown));
  http = new HttpOpener(LOOPBACK);
  const file = new FileOpener({ root: directory, maxFileSize: 0 });
  opener = new SchemeOpener({ http, https: http, local: file });
});
afterAll(async () => {
  await http.close();
  await origin.close();
  await fs.rm(directory, { recursive: true });
});

describe.each([
  ['a local file', (name: string) => `local:///${name}`],
  ['an origin with ranges', (name: string) => origin.url(`/ranges/${name}`)],
  ['an origin without ranges', (name: string) => origin.url(`/whole/${name}`)],
  ['an origin without ranges or lengths', (name: string) => origin.url(`/chunked/${name}`)],
])('%s', (_, urlOf) => {
  const opened = (name: string, firstRange = FIRST): Promise<Opened> =>
    open(opener, urlOf(name), { firstRange });

  it('gives the first range', async () => {
    const { source, first } = await opened('file');
    expectHeld(first, FILE, 0, FIRST);
    expect([FILE.length, undefined]).toContain(source.size);
    source.close();
  });

  it('gives a file whole that is shorter than the first range', async () => {
    const { source, first } = await opened('small');
    expectHeld(first, FILE, 0, 100);
    expect(source.size).toBe(100);
    source.close();
  });

  it('gives the whole where the first range is infinite', async () => {
    const { source, first } = await opened('file', Number.POSITIVE_INFINITY);
    expectHeld(first, FILE, 0, FILE.length);
    expect(source.size).toBe(FILE.length);
    source.close();
  });

  it('gives several ranges, in whatever order they are asked for', async () => {
    const { source } = await opened('file');
    const ranges = [
      { offset: 250_000, length: 1_000 },
      { offset: 150_000, length: 40_000 },
      { offset: 160_000, length: 10 },
    ];
    const chunks = await source.read(ranges);
    for (const { offset, length } of ranges) expectHeld(chunks, FILE, offset, length);
    source.close();
  });

  it('comes short at the end of the file', async () => {
    const { source } = await opened('file');
    const chunks = await source.read([
      { offset: FILE.length - 5, length: 1_000 },
      { offset: FILE.length + 100, length: 1_000 },
    ]);
    expectHeld(chunks, FILE, FILE.length - 5, 5);
    const end = Math.max(...chunks.map(({ offset, data }) => offset + data.length));
    expect(end).toBe(FILE.length);
    source.close();
  });

  it('gives nothing where nothing is asked for', async () => {
    const { source } = await opened('file');
    expect(await source.read([])).toEqual([]);
    expect(await source.read([{ offset: 200_000, length: 0 }])).toEqual([]);
    source.close();
  });

  it.each([0, 200_000])('hands on what follows %i bytes behind the first range', async (gap) => {
    const { source, first } = await opened('file');
    const from = Math.max(...first.map(({ offset, data }) => offset + data.length)) + gap;
    const passed: Uint8Array[] = [];
    await source.pass(from, (data) => passed.push(Buffer.from(data)));
    expect(Buffer.concat(passed).equals(FILE.subarray(from))).toBe(true);
    // Each is hashed on the event loop, where others wait.
    expect(Math.max(...passed.map(({ length }) => length))).toBeLessThanOrEqual(64 * 1024);
    expect(source.size).toBe(FILE.length);
    source.close();
  });

  it('hands on nothing where nothing is left', async () => {
    const { source } = await opened('small');
    await source.pass(100, () => expect.unreachable());
    source.close();
  });

  it('ends where whoever takes its bytes fails', async () => {
    const { source } = await opened('file');
    const full = new RequestError('INVALID_SOURCE_IMAGE', 'full');
    const passing = source.pass(250_000, () => {
      throw full;
    });
    expect(await failureOf(passing)).toBe(full);
    source.close();
  });

  it('counts what it costs', async () => {
    const { source } = await opened('file');
    await source.read([{ offset: 200_000, length: 10 }]);
    expect(source.cost.requests).toBeGreaterThan(0);
    expect(source.cost.bytes).toBeGreaterThan(FIRST);
    source.close();
  });

  it('refuses a file over the request’s limit', async () => {
    const opening = open(opener, urlOf('file'), { maxFileSize: 1_000 });
    expect(await failureOf(opening)).toMatchObject({ code: 'INVALID_SOURCE_IMAGE', status: 422 });
  });

  it('says 404 of what is not there', async () => {
    const error = await failureOf(opened('missing'));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
  });
});

describe('a scheme', () => {
  it.each([
    'ftp://a/b',
    's3://a/b',
    'constructor://a',
    '__proto__://a',
    'file:///etc/passwd',
    'x',
    '',
  ])('that is unknown or disabled is unreachable: %s', async (url) => {
    const error = await failureOf(open(opener, url));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
    expect(error.message).toContain('unknown or disabled scheme');
  });

  it('is read in any case', async () => {
    const { source } = await open(opener, origin.url('/ranges/file').replace('http', 'HTTP'));
    source.close();
    (await open(opener, 'LOCAL:///file')).source.close();
  });

  it('of local files is disabled where they have no root', async () => {
    const error = await failureOf(open(new SchemeOpener({ http }), 'local:///file'));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
  });
});
