import { afterEach, beforeEach, expect, it } from 'vitest';
import { Origin } from '../source/origin.ts';
import { type Running, startServer } from './running.ts';

/** A GIF of 3 × 2 pixels without a frame: its header is all that is read of it. */
const GIF = Buffer.from('474946383961030002000000003b', 'hex');
const ETAG = '"v1"';
const MODIFIED = 'Wed, 21 Oct 2015 07:28:00 GMT';

let origin: Origin;
let server: Running | undefined;

beforeEach(async () => {
  origin = await Origin.start();
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
  await origin.close();
});

/** Starts imgpeek before an origin whose file comes with these headers. */
async function serve(env: Record<string, string>, headers: Record<string, string | string[]> = {}) {
  origin.on('*', () => ({ status: 200, headers, body: GIF }));
  server = await startServer(env);
}

/** Asks for the file, with options and headers. */
function ask(headers: Record<string, string> = {}, options = '', path = '/a.gif') {
  return fetch(`${server?.url}/info/_/${options}plain/${origin.url(path)}`, { headers });
}

it('sends no validators, tags, canonical or debug headers unless it is told to', async () => {
  await serve({ IMGPROXY_CACHE_TAGS_FORMAT: 'none' }, { ETag: ETAG, 'Last-Modified': MODIFIED });
  const { status, headers } = await ask({ 'If-None-Match': ETAG }, 'ct:one/');
  expect(status).toBe(200);
  for (const name of ['etag', 'last-modified', 'link', 'cache-tag', 'x-origin-width']) {
    expect(headers.has(name)).toBe(false);
  }
});

it.each([
  ['the same tag', ETAG],
  ['a weak one', 'W/"v1"'],
  ['a list that holds it', '"v0", "v1"'],
  ['any tag', '*'],
])('IMGPROXY_USE_ETAG: answers 304 without a body to %s', async (_, tag) => {
  await serve({ IMGPROXY_USE_ETAG: 'true' }, { ETag: ETAG });
  const response = await ask({ 'If-None-Match': tag });
  expect(response.status).toBe(304);
  expect(response.headers.get('etag')).toBe(ETAG);
  expect(response.headers.get('cache-control')).toBe('max-age=31536000, public');
  expect(response.headers.has('content-type')).toBe(false);
  expect(await response.text()).toBe('');
});

it('IMGPROXY_USE_ETAG: answers in full to another tag, and to a date beside it', async () => {
  const env = { IMGPROXY_USE_ETAG: 'true', IMGPROXY_USE_LAST_MODIFIED: 'true' };
  await serve(env, { ETag: ETAG, 'Last-Modified': MODIFIED });
  const response = await ask({ 'If-None-Match': '"v2"', 'If-Modified-Since': MODIFIED });
  expect(response.status).toBe(200);
  expect(response.headers.get('etag')).toBe(ETAG);
  expect(await response.json()).toMatchObject({ format: 'gif' });
});

it('IMGPROXY_ETAG_BUSTER: makes tags of before stale, and is part of new ones', async () => {
  await serve({ IMGPROXY_USE_ETAG: 'true', IMGPROXY_ETAG_BUSTER: 'b2' }, { ETag: ETAG });
  const first = await ask({ 'If-None-Match': ETAG });
  expect(first.status).toBe(200);
  const tag = first.headers.get('etag') ?? '';
  expect(tag).toBe(`"b2/${Buffer.from(ETAG).toString('base64url')}"`);
  expect((await ask({ 'If-None-Match': tag })).status).toBe(304);
});

it('IMGPROXY_USE_LAST_MODIFIED: answers 304 to that state or a later one', async () => {
  await serve({ IMGPROXY_USE_LAST_MODIFIED: 'true' }, { 'Last-Modified': MODIFIED });
  const statusFor = async (date: string) => (await ask({ 'If-Modified-Since': date })).status;
  expect((await ask()).headers.get('last-modified')).toBe(MODIFIED);
  expect(await statusFor(MODIFIED)).toBe(304);
  expect(await statusFor('Wed, 21 Oct 2015 07:29:00 GMT')).toBe(304);
  expect(await statusFor('Wed, 21 Oct 2015 07:27:59 GMT')).toBe(200);
  expect(await statusFor('yesterday')).toBe(200);
});

it('IMGPROXY_LAST_MODIFIED_BUSTER: has older files count as modified then', async () => {
  const env = {
    IMGPROXY_USE_LAST_MODIFIED: 'true',
    IMGPROXY_LAST_MODIFIED_BUSTER: '2020-01-02T03:04:05Z',
  };
  await serve(env, { 'Last-Modified': MODIFIED });
  const response = await ask({ 'If-Modified-Since': MODIFIED });
  expect(response.status).toBe(200);
  const busted = 'Thu, 02 Jan 2020 03:04:05 GMT';
  expect(response.headers.get('last-modified')).toBe(busted);
  expect((await ask({ 'If-Modified-Since': busted })).status).toBe(304);
});

it('IMGPROXY_CACHE_CONTROL_PASSTHROUGH: hands on what the origin says, before the own time', async () => {
  const env = { IMGPROXY_CACHE_CONTROL_PASSTHROUGH: 'true', IMGPROXY_TTL: '77' };
  await serve(env, { 'Cache-Control': 'private, max-age=5' });
  expect((await ask()).headers.get('cache-control')).toBe('private, max-age=5');
  origin.on('/none.gif', () => ({ status: 200, body: GIF }));
  expect((await ask({}, '', '/none.gif')).headers.get('cache-control')).toBe('max-age=77, public');
  const expires = new Date(Date.now() + 50_000).toUTCString();
  origin.on('/until.gif', () => ({ status: 200, headers: { Expires: expires }, body: GIF }));
  const until = (await ask({}, '', '/until.gif')).headers.get('cache-control');
  expect(until).toMatch(/^max-age=[1-5]\d?, public$/);
  origin.on('/past.gif', () => ({ status: 200, headers: { Expires: MODIFIED }, body: GIF }));
  expect((await ask({}, '', '/past.gif')).headers.get('cache-control')).toBe('no-cache');
});

it('IMGPROXY_CACHE_CONTROL_PASSTHROUGH: never has a URL cached beyond its end', async () => {
  await serve(
    { IMGPROXY_CACHE_CONTROL_PASSTHROUGH: 'true' },
    { 'Cache-Control': 'max-age=9999999' },
  );
  const expires = Math.floor(Date.now() / 1000) + 60;
  const { headers } = await ask({}, `exp:${expires}/`);
  expect(headers.get('cache-control')).toMatch(/^max-age=[1-6]\d?, public$/);
});

it('IMGPROXY_TTL: says how long answers are cached, and at 0 has none cached', async () => {
  await serve({ IMGPROXY_TTL: '0' }, { 'Cache-Control': 'max-age=5' });
  expect((await ask()).headers.get('cache-control')).toBe('no-cache');
});

it('IMGPROXY_CUSTOM_RESPONSE_HEADERS: adds headers to each response, errors too', async () => {
  await serve({
    IMGPROXY_CUSTOM_HEADERS_SEPARATOR: '||',
    IMGPROXY_CUSTOM_RESPONSE_HEADERS:
      'X-One=1||Cache-Control=private||Content-Length=3||Transfer-Encoding=chunked',
  });
  const response = await ask();
  expect(response.headers.get('x-one')).toBe('1');
  expect(response.headers.get('cache-control')).toBe('private');
  expect(response.headers.has('transfer-encoding')).toBe(false);
  expect(await response.json()).toMatchObject({ format: 'gif' });
  const error = await fetch(`${server?.url}/nothing`);
  expect([error.status, error.headers.get('x-one')]).toEqual([404, '1']);
});

it('IMGPROXY_RESPONSE_HEADERS_PASSTHROUGH: hands on the fields that it names alone', async () => {
  await serve(
    {
      IMGPROXY_RESPONSE_HEADERS_PASSTHROUGH:
        'X-Two,X-Many,X-Hop,Content-Type,Content-Length,Transfer-Encoding,Keep-Alive,X-Request-ID',
    },
    {
      'X-Two': '2',
      'X-Three': '3',
      'X-Many': ['a', 'b'],
      'X-Hop': 'hop',
      'X-Request-ID': 'theirs',
      Connection: 'X-Hop',
      'Content-Type': 'image/gif',
      'Keep-Alive': 'timeout=9',
    },
  );
  const response = await ask({ 'X-Request-ID': 'ours' });
  expect(response.headers.get('x-two')).toBe('2');
  expect(response.headers.get('x-many')).toBe('a, b');
  expect(response.headers.get('x-request-id')).toBe('ours');
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('keep-alive')).not.toBe('timeout=9');
  for (const name of ['x-three', 'x-hop']) expect(response.headers.has(name)).toBe(false);
  expect(await response.json()).toMatchObject({ width: 3, height: 2 });
});

it('IMGPROXY_REQUEST_HEADERS_PASSTHROUGH: hands on the fields that it names alone', async () => {
  await serve({
    IMGPROXY_REQUEST_HEADERS_PASSTHROUGH: 'X-Tenant,X-Absent,Range,Host,Authorization',
    IMGPROXY_SECRET: 'sesame',
  });
  const { status } = await ask({
    'X-Tenant': 'acme',
    'X-Other': 'other',
    Range: 'bytes=3-4',
    Authorization: 'Bearer sesame',
  });
  expect(status).toBe(200);
  const headers = origin.seen[0]?.headers;
  expect(headers).toMatchObject({ 'x-tenant': 'acme', host: `127.0.0.1:${origin.port}` });
  expect(headers?.range).not.toBe('bytes=3-4');
  for (const name of ['x-other', 'x-absent', 'authorization']) {
    expect(headers).not.toHaveProperty(name);
  }
});

it('IMGPROXY_REQUEST_HEADERS_PASSTHROUGH: keeps a field that comes after very many', async () => {
  await serve({ IMGPROXY_REQUEST_HEADERS_PASSTHROUGH: 'X-Tenant' });
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`x-fill-${i}`, 'x']));
  expect((await ask({ ...many, 'x-tenant': 'acme' })).status).toBe(200);
  expect(origin.seen[0]?.headers['x-tenant']).toBe('acme');
});

it('IMGPROXY_SET_CANONICAL_HEADER: names the source URL, without its user and password', async () => {
  await serve({ IMGPROXY_SET_CANONICAL_HEADER: 'true' });
  const source = origin.url('/a.gif').replace('//', '//user:pass@');
  const url = `${server?.url}/info/_/plain/${encodeURIComponent(`${source}?x="><b>`)}`;
  expect((await fetch(url)).headers.get('link')).toBe(
    `<${origin.url('/a.gif')}?x=%22%3E%3Cb%3E>; rel="canonical"`,
  );
});

it.each([
  ['all', 'one,two', 'one,two'],
  ['cloudfront', 'one,two', null],
  ['cloudflare', null, 'one,two'],
  ['none', null, null],
])('IMGPROXY_CACHE_TAGS_FORMAT: %s writes the tags of a URL', async (format, amazon, flare) => {
  await serve({ IMGPROXY_CACHE_TAGS_FORMAT: format });
  const { headers } = await ask({}, 'cache_tags:one:two/');
  expect(headers.get('x-amz-meta-cache-tag')).toBe(amazon);
  expect(headers.get('cache-tag')).toBe(flare);
});

it('IMGPROXY_ENABLE_DEBUG_HEADERS: says what the file is, and what it cost', async () => {
  await serve({ IMGPROXY_ENABLE_DEBUG_HEADERS: 'true' });
  const { headers } = await ask();
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-origin-content-length': `${GIF.length}`,
    'x-origin-width': '3',
    'x-origin-height': '2',
    'x-origin-requests': '1',
    'x-origin-bytes': `${GIF.length}`,
    'x-origin-rounds': '1',
    'server-timing': expect.stringMatching(
      /^(?:(?:queue|downloading|processing|total);dur=\d+\.\d\d(?:, |$)){4}/,
    ),
  });
});
