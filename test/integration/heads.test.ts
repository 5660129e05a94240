import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Running, startServer } from './running.ts';

let server: Running;

beforeAll(async () => {
  server = await startServer({ IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples' });
});
afterAll(() => server.stop());

/** What the server sends back on one connection: until it ends it, or until `enough` says so. */
async function exchange(parts: string[], enough: (text: string) => boolean = () => false) {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  const done = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      text += data;
      if (enough(text)) resolve();
    });
    socket.once('end', resolve).once('close', () => resolve());
    // A connection that is refused what it sends may be reset.
    socket.once('error', () => resolve());
  });
  socket.setEncoding('latin1').setNoDelay(true);
  for (const part of parts) {
    socket.write(part, 'latin1');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 20_000))]);
  socket.destroy();
  return text;
}

const PATH = '/info/_/plain/local:///photo.jpg';
const statuses = (text: string) => text.match(/(?<=HTTP\/1\.1 )\d+/g)?.map(Number) ?? [];
const answered = (text: string) => text.endsWith('}}');
const fields = (count: number) =>
  Array.from({ length: count }, (_, i) => `X-Field-${i}: ${'v'.repeat(20)}\r\n`).join('');

describe('a request of HTTP/1.0', () => {
  test.each([
    ['without a field', ''],
    ['with a Host', 'Host: example.com\r\n'],
    ['as nginx sends it', 'Host: upstream\r\nConnection: close\r\nX-Forwarded-For: 192.0.2.1\r\n'],
    ['with many fields', fields(150)],
  ])('%s is answered, and the connection closed', async (_, head) => {
    const text = await exchange([`GET ${PATH} HTTP/1.0\r\n${head}\r\n`]);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain('"orientation":6');
  });

  test('is answered as HAProxy checks health', async () => {
    expect(await exchange(['OPTIONS / HTTP/1.0\r\n\r\n'])).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(await exchange(['GET /health HTTP/1.0\r\n\r\n'])).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  test('is answered where its head comes in parts', async () => {
    const text = await exchange([`GET ${PATH} HTTP/1.0\r\n`, 'Host: a\r\n', 'Accept: */*\r\n\r\n']);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  test('keeps its connection where it asks for that', async () => {
    const get = `GET ${PATH} HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n`;
    const text = await exchange([get, get], (soFar) => soFar.split('HTTP/1.1 200').length === 3);
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });
});

describe('a target', () => {
  test.each([
    [`http://example.com${PATH}`, 200],
    [`HTTPS://example.com:8443${PATH}`, 200],
    ['http://example.com', 200],
    ['http://example.com?query', 200],
    ['http://example.com/nothing', 404],
  ])('%s in absolute form is answered', async (target, status) => {
    const head = `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    expect(await exchange([head])).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('that only holds a URL stays as it is', async () => {
    const path = '/info/_/plain/http://127.0.0.1:1/x.jpg';
    const text = await exchange([`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`]);
    expect(text).toContain('Source is unreachable');
  });
});

describe('a head', () => {
  test.each([
    60, 61, 99, 100, 200, 1000,
  ])('of %i fields is answered, and its id kept', async (count) => {
    const head = `${fields(count)}X-Request-ID: the-last\r\nHost: a\r\n`;
    const text = await exchange([`GET ${PATH} HTTP/1.1\r\n${head}\r\n`], answered);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain('X-Request-ID: the-last');
  });

  test.each([
    16 * 1024,
    5_000,
    1_460,
  ])('of 1000 fields is answered where it comes in parts of %i bytes', async (size) => {
    const head = `GET ${PATH} HTTP/1.1\r\n${fields(1000)}X-Request-ID: the-last\r\nHost: a\r\n\r\n`;
    const count = Math.ceil(head.length / size);
    const parts = Array.from({ length: count }, (_, i) => head.slice(i * size, (i + 1) * size));
    const text = await exchange(parts, answered);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain('X-Request-ID: the-last');
  });

  test.each([
    ['get', 404],
    ['Get', 404],
    ['9ET', 400],
  ])('whose method is %s is answered the same in one piece and many', async (method, status) => {
    const head = `${method} /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    for (const parts of [[head], [...head.slice(0, 5), head.slice(5)]]) {
      expect(statuses(await exchange(parts))).toEqual([status]);
    }
  });

  test.each([
    ['garbage', '\x00\x01\x02\xff\r\n\r\n'],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a line without a version', 'GET /\r\n\r\n'],
    ['a method with a line feed', 'GET\n/ GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a target with a space', 'GET / / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a version that is none', 'GET / HTTP/1.7\r\nHost: a\r\n\r\n'],
    ['nothing but spaces', '     \r\n\r\n'],
    [
      'an absolute target without an authority',
      'GET http:// HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    ],
    ['an endless field', `GET / HTTP/1.1\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`],
  ])('of %s harms nobody', async (_, bytes) => {
    const gone = exchange([bytes]);
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 300))]);
    const text = await exchange([`GET ${PATH} HTTP/1.1\r\nHost: a\r\n\r\n`], answered);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });
});

// RFC 9112, 2.2.
describe('an empty line before a request line', () => {
  const get = 'GET /health HTTP/1.1\r\nHost: a\r\n';
  const last = `${get}Connection: close\r\n\r\n`;
  const post = 'POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nbody!';

  test.each([
    ['of the first request', [`\r\n${get}\r\n`, last], [200, 200]],
    ['by itself', ['\r\n', last], [200]],
    ['in two halves', ['\r', `\n${last}`], [200]],
    ['in two halves by themselves', [`${get}\r\n\r`, '\n', last], [200, 200]],
    [
      'of each of several that come at once',
      [`\r\n${get}\r\n\r\n${get}\r\n\r\n${last}`],
      [200, 200, 200],
    ],
    ['behind a body', [`${post}\r\n${last}`], [404, 200]],
    ['behind a body, by itself', [post, '\r\n', last], [404, 200]],
  ])('%s is passed over', async (_, parts, expected) => {
    expect(statuses(await exchange(parts))).toEqual(expected);
  });

  test.each([
    ['first', [`\r\n\r\n${last}`], [400]],
    ['first, one by one', ['\r\n', '\r\n', last], [400]],
    ['between two', [`${get}\r\n\r\n\r\n${last}`], [200, 400]],
    ['between two, one by one', [`${get}\r\n`, '\r\n', '\r\n', last], [200, 400]],
    ['that end in a half', ['\r\n\r', last], [400]],
  ])('is one: two of them %s are refused', async (_, parts, expected) => {
    expect(statuses(await exchange(parts))).toEqual(expected);
  });

  test('is no part of a body', async () => {
    const head = 'POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n';
    expect(statuses(await exchange([head, '\r\n', '\r\n', last]))).toEqual([404, 200]);
    expect(statuses(await exchange([`${head}\r\n\r\n${last}`]))).toEqual([404, 200]);
  });
});

describe('what looks like a head', () => {
  // As long as what a bare request of HTTP/1.0 would be given: it would be pushed out of the body.
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'.padEnd(36, ' ');
  const last = 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

  test.each([
    ['of HTTP/1.0', `GET /x HTTP/1.0\r\n\r\n${smuggled}`],
    ['with an absolute target', `GET http://example.com/x HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['with many fields', `GET /x HTTP/1.1\r\n${fields(100)}\r\n`],
  ])('%s within a body stays as it is', async (_, body) => {
    const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`;
    expect(statuses(await exchange([post, body, last]))).toEqual([404, 200]);
  });

  test('within a body whose head came in parts stays as it is', async () => {
    const body = `GET /x HTTP/1.0\r\n\r\n${smuggled}`;
    const parts = ['POST / HTTP/1.1\r\nHost: a\r\n', `Content-Length: ${body.length}\r\n\r\n`];
    const text = await exchange([...parts, body, last]);
    expect(statuses(text)).toEqual([404, 200]);
  });

  test('within a body whose head came behind another request stays as it is', async () => {
    const body = `GET /x HTTP/1.0\r\n\r\n${smuggled}`;
    const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`;
    const text = await exchange([`GET /health HTTP/1.1\r\nHost: a\r\n\r\n${post}`, body, last]);
    expect(statuses(text)).toEqual([200, 404, 200]);
  });
});
