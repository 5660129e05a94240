import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Origin, serve as serveRanges, serveWhole } from '../source/origin.ts';
import { type Running, startServer } from './running.ts';

/** A GIF of 3 × 2 pixels without a frame: its header is all that is read of it. */
const GIF = Buffer.from('474946383961030002000000003b', 'hex');

const COMMENT = Buffer.concat([Buffer.from('fffeea62', 'hex'), Buffer.alloc(0xea60)]);

/** A JPEG whose frame header comes after so many comments of 60,000 bytes. */
function farJpeg(comments: number): Buffer {
  return Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    ...Array.from({ length: comments }, () => COMMENT),
    Buffer.from('ffc0000b080002000301011100ffda0008010100003f00', 'hex'),
    Buffer.alloc(4096, 1),
    Buffer.from('ffd9', 'hex'),
  ]);
}

let origin: Origin;
let server: Running | undefined;

beforeEach(async () => {
  origin = await Origin.start();
  origin.on('*', () => ({ status: 200, body: GIF }));
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
  await origin.close();
});

/** Starts imgpeek, and gives what asks it for a source URL: status, a space, text. */
async function serve(env: Record<string, string>) {
  const running = await startServer(env);
  server = running;
  return async (source: string) => {
    const response = await fetch(`${running.url}/info/_/plain/${source}`);
    return `${response.status} ${await response.text()}`;
  };
}

it('IMGPROXY_USER_AGENT and IMGPROXY_CUSTOM_REQUEST_HEADERS: are what origins see', async () => {
  const ask = await serve({
    IMGPROXY_USER_AGENT: 'peeker/%current_version',
    IMGPROXY_CUSTOM_REQUEST_HEADERS: 'X-One=1\\;X-Two=a=b\\;Range=bytes=1-2',
  });
  expect(await ask(origin.url('/a'))).toMatch(/^200 /);
  expect(origin.seen[0]?.headers).toMatchObject({
    'user-agent': expect.stringMatching(/^peeker\/\d+\.\d+\.\d+/),
    'x-one': '1',
    'x-two': 'a=b',
    range: 'bytes=0-65535',
  });
});

it('IMGPROXY_MAX_REDIRECTS: is how many are followed', async () => {
  const ask = await serve({ IMGPROXY_MAX_REDIRECTS: '1' });
  origin.on('/one', () => ({ status: 302, headers: { Location: '/a' } }));
  origin.on('/two', () => ({ status: 302, headers: { Location: '/one' } }));
  expect(await ask(origin.url('/one'))).toMatch(/^200 /);
  expect(await ask(origin.url('/two'))).toBe('404 Source is unreachable');
});

it('IMGPROXY_MAX_SRC_FILE_SIZE: bounds a file', async () => {
  const ask = await serve({ IMGPROXY_MAX_SRC_FILE_SIZE: `${GIF.length}` });
  expect(await ask(origin.url('/a'))).toMatch(/^200 /);
  origin.on('/more', () => ({ status: 200, body: Buffer.concat([GIF, GIF]) }));
  expect(await ask(origin.url('/more'))).toBe('422 Invalid source image');
});

it('IMGPROXY_DOWNLOAD_TIMEOUT: bounds the origin, and the answer is 504', async () => {
  const ask = await serve({ IMGPROXY_DOWNLOAD_TIMEOUT: '0.2' });
  origin.on('/slow', () => ({ status: 200, body: GIF, delay: 60_000 }));
  expect(await ask(origin.url('/slow'))).toBe('504 Source is unreachable');
});

it('IMGPROXY_TIMEOUT: bounds the whole request, and the answer is 503', async () => {
  const ask = await serve({ IMGPROXY_TIMEOUT: '0.2' });
  origin.on('/slow', () => ({ status: 200, body: GIF, delay: 60_000 }));
  expect(await ask(origin.url('/slow'))).toBe('503 Timeout');
});

describe('IMGPROXY_COOKIE_PASSTHROUGH, IMGPROXY_COOKIE_BASE_URL, IMGPROXY_COOKIE_PASSTHROUGH_ALL: the client\u2019s cookies', () => {
  const ON = { IMGPROXY_COOKIE_PASSTHROUGH: 'true' };
  const FORWARDED = { 'X-Forwarded-Host': '127.0.0.1', 'X-Forwarded-Proto': 'https' };
  it.each<[string, Record<string, string>, Record<string, string>, string | undefined]>([
    ['stay where they are', {}, FORWARDED, undefined],
    ['go to the host that was asked', ON, { Host: '127.0.0.1:1' }, 'a=1; b=2'],
    ['go to no other host', ON, { Host: 'else.example' }, undefined],
    ['go to the host that the balancer names', ON, { Host: 'x.y', ...FORWARDED }, 'a=1; b=2'],
    ['go nowhere where no URL can be made of it', ON, { 'X-Forwarded-Host': 'a b' }, undefined],
    [
      'go to the host of the base URL, below its path',
      { ...ON, IMGPROXY_COOKIE_BASE_URL: 'http://127.0.0.1/deep/a' },
      { Host: 'x.y' },
      undefined,
    ],
    [
      'go to the host of the base URL',
      { ...ON, IMGPROXY_COOKIE_BASE_URL: 'https://127.0.0.1/' },
      { Host: 'x.y' },
      'a=1; b=2',
    ],
    [
      'go to all hosts',
      { ...ON, IMGPROXY_COOKIE_PASSTHROUGH_ALL: 'true' },
      { Host: 'x.y' },
      'a=1; b=2',
    ],
  ])('%s', async (_, env, headers, expected) => {
    await serve(env);
    const path = `/info/_/plain/${origin.url('/a')}`;
    const options = { headers: { Cookie: 'a=1; b=2', ...headers } };
    const [response] = (await once(get(server?.url + path, options), 'response')) as [
      IncomingMessage,
    ];
    response.resume();
    expect(response.statusCode).toBe(200);
    expect(origin.seen[0]?.headers.cookie).toBe(expected);
  });
});

it.each([
  ['90', 1],
  ['0', 3],
])('IMGPROXY_CLIENT_KEEP_ALIVE_TIMEOUT: at %s three files take %i connections', async (timeout, connections) => {
  const ask = await serve({ IMGPROXY_CLIENT_KEEP_ALIVE_TIMEOUT: timeout });
  for (const path of ['/a', '/b', '/c']) expect(await ask(origin.url(path))).toMatch(/^200 /);
  expect(origin.connections).toBe(connections);
});

it('IMGPROXY_IGNORE_SSL_VERIFICATION: takes a certificate that nobody vouches for', async () => {
  const secure = await Origin.start('https');
  secure.on('*', () => ({ status: 200, body: GIF }));
  const strict = await serve({});
  expect(await strict(secure.url('/a'))).toBe('404 Source is unreachable');
  await server?.stop();
  const lax = await serve({ IMGPROXY_IGNORE_SSL_VERIFICATION: 'true' });
  expect(await lax(secure.url('/a'))).toMatch(/^200 /);
  await secure.close();
});

it('IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES, IMGPROXY_ALLOW_PRIVATE_SOURCE_ADDRESSES, IMGPROXY_ALLOW_LINK_LOCAL_SOURCE_ADDRESSES: refuse', async () => {
  const ask = await serve({
    IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES: 'false',
    IMGPROXY_ALLOW_PRIVATE_SOURCE_ADDRESSES: 'false',
    IMGPROXY_ALLOW_LINK_LOCAL_SOURCE_ADDRESSES: 'false',
  });
  for (const source of [origin.url('/a'), 'http://10.0.0.1/a', 'http://[fe80::1]/a']) {
    expect(await ask(source)).toBe('404 Invalid source URL');
  }
  expect(origin.connections).toBe(0);
});

// Without a zone the system refuses such an address: nothing is sent, but it is not for us to say.
it('IMGPROXY_ALLOW_LINK_LOCAL_SOURCE_ADDRESSES: lets the system try', async () => {
  const ask = await serve({ IMGPROXY_ALLOW_LINK_LOCAL_SOURCE_ADDRESSES: 'true' });
  expect(await ask('http://[fe80::1]/a')).toBe('404 Source is unreachable');
});

it('IMGPEEK_FIRST_RANGE: is what the first request asks for', async () => {
  origin.on('/far', serveRanges(farJpeg(1)));
  const ask = await serve({ IMGPEEK_FIRST_RANGE: '1024' });
  expect(await ask(origin.url('/far'))).toContain('"width":3,"height":2');
  expect(origin.seen[0]?.headers.range).toBe('bytes=0-1023');
  expect(origin.seen.length).toBeGreaterThan(1);
});

it('IMGPEEK_MAX_ROUNDS: is how often an origin is asked at the most', async () => {
  origin.on('/far', serveRanges(farJpeg(1)));
  const ask = await serve({ IMGPEEK_FIRST_RANGE: '1024', IMGPEEK_MAX_ROUNDS: '1' });
  expect(await ask(origin.url('/far'))).toBe('422 Invalid source image');
  expect(origin.seen.length).toBe(1);
});

it('IMGPEEK_MAX_READ_ON: is how far a file is read whose origin knows no ranges', async () => {
  origin.on('/far', serveWhole(farJpeg(8)));
  const near = await serve({ IMGPEEK_FIRST_RANGE: '1024', IMGPEEK_MAX_READ_ON: '2048' });
  expect(await near(origin.url('/far'))).toBe('422 Invalid source image');
  await server?.stop();
  const far = await serve({ IMGPEEK_FIRST_RANGE: '1024', IMGPEEK_MAX_READ_ON: '1000000' });
  expect(await far(origin.url('/far'))).toContain('"width":3,"height":2');
});
