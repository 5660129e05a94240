import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listBoxes, makeLargeMp4 } from '../../bench/cases/mp4.ts';
import { parseBehaviour, toSegment } from '../../bench/origins/counting/behaviour.ts';
import { Counts } from '../../bench/origins/counting/counts.ts';
import { createCountingOrigin } from '../../bench/origins/counting/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'imgpeek-bench-'));
const counts = new Counts();
const origin = createCountingOrigin(folder, counts);
const video = new URL('../../docs/samples/video.mp4', import.meta.url).pathname;
let base = '';

beforeAll(async () => {
  writeFileSync(join(folder, 'file'), Buffer.from('0123456789'));
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
  base = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
});

afterAll(async () => {
  origin.closeAllConnections();
  await new Promise((resolve) => origin.close(resolve));
  rmSync(folder, { recursive: true });
});

async function get(path: string, headers: Record<string, string> = {}) {
  const { statusCode, headers: got, body } = await request(base + path, { headers });
  return { status: statusCode, range: got['content-range'], text: await body.text() };
}

test('ranges are answered as asked for, and counted', async () => {
  counts.take();
  const middle = { range: 'bytes=2-4' };
  expect(await get('/file?n=1', middle)).toEqual({
    ...{ status: 206, range: 'bytes 2-4/10', text: '234' },
  });
  expect(await get('/file?n=2', { range: 'bytes=-3' })).toMatchObject({ text: '789' });
  expect(await get('/file', { range: 'bytes=10-' })).toMatchObject({ status: 416 });
  expect(await get('/file', { ...middle, 'if-range': '"old"' })).toMatchObject({ status: 200 });
  expect(counts.take()).toEqual({ '/file': { requests: 4, rounds: 4, bytes: 16 } });
});

test('an origin without ranges sends the whole', async () => {
  const answer = await get('/ranges=off/file', { range: 'bytes=2-4' });
  expect(answer).toEqual({ status: 200, range: undefined, text: '0123456789' });
});

test('what is delayed and paced arrives whole', async () => {
  expect(await get('/delay=1,bandwidth=100000/file')).toMatchObject({ text: '0123456789' });
});

test('a file that is not there, or outside, is 404', async () => {
  expect(await get('/none')).toMatchObject({ status: 404 });
  expect(await get('/%2e%2e%2f%2e%2e%2fetc/passwd')).toMatchObject({ status: 404 });
});

test('a behaviour is written as it is read, and an unknown one is an error', () => {
  const segment = toSegment({ delay: 40, bandwidth: 6_250_000, ranges: false });
  expect(parseBehaviour(`/${segment}/a/b.jpg`)).toEqual({
    behaviour: { delay: 40, bandwidth: 6_250_000, trickle: 0, ranges: false },
    file: '/a/b.jpg',
  });
  expect(() => parseBehaviour('/dealy=40/a.jpg')).toThrow('dealy=40');
});

test('requests at the same time are one round', () => {
  const both = new Counts();
  const first = both.begin('/a');
  const second = both.begin('/a');
  expect(both.open).toBe(2);
  first.end();
  second.end();
  both.begin('/a').end();
  expect(both.take()).toEqual({ '/a': { requests: 3, rounds: 2, bytes: 0 } });
});

test('a large MP4 has its moov at the end and takes no place on the disk', () => {
  const large = join(folder, 'large.mp4');
  makeLargeMp4(video, large, 64 * 1024 * 1024);
  const { size, blocks } = statSync(large);
  expect(size).toBe(64 * 1024 * 1024);
  expect(blocks * 512).toBeLessThan(1024 * 1024);
});

test('boxes that reach past the end are refused', () => {
  expect(() => listBoxes(Buffer.from('\0\0\0\x20moov'))).toThrow('"moov" of 32 B');
});
