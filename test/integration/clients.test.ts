import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Origin } from '../source/origin.ts';
import { type Running, startServer } from './running.ts';
import { openDescriptors, residentBytes } from './usage.ts';

/** Clients that do harm: too many, too slow, too large, too early, too little. */

const SAMPLE = '/info/_/plain/local:///photo.jpg';
const MEGABYTE = 1024 * 1024;

let server: Running;
let sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await server.stop();
});

async function serve(env: Record<string, string> = {}): Promise<void> {
  server = await startServer({ IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples', ...env });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens a connection; it is closed at the end of the test. */
function open(): Socket {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.setNoDelay(true).on('error', () => {});
  sockets.push(socket);
  return socket;
}

/** Whether the server has ended the connection. */
const isEnded = (socket: Socket) => socket.destroyed || socket.readableEnded;

/** All that comes on a connection until `enough` says so or the server ends it. */
async function receive(socket: Socket, enough: (text: string) => boolean = () => false) {
  let text = '';
  const done = new Promise<void>((resolve) => {
    socket.setEncoding('latin1').on('data', (data) => {
      text += data;
      if (enough(text)) resolve();
    });
    socket.once('end', resolve).once('close', () => resolve());
  });
  await Promise.race([done, pause(20_000)]);
  return text;
}

const statuses = (text: string) => text.match(/(?<=HTTP\/1\.1 )\d+/g)?.map(Number) ?? [];
const answers = (count: number) => (text: string) => statuses(text).length >= count;

const resident = () => residentBytes(server.serving());
const descriptors = () => openDescriptors(server.serving());

describe('1,000 clients that send a byte of a head each so often', () => {
  test('IMGPROXY_READ_REQUEST_TIMEOUT: ends them, and the others are served meanwhile', async () => {
    await serve({ IMGPROXY_READ_REQUEST_TIMEOUT: '2.5' });
    await fetch(server.url + SAMPLE);
    const before = resident();
    const slow = Array.from({ length: 1000 }, open);
    const head = `GET ${SAMPLE} HTTP/1.1\r\nHost: example.com\r\n`;
    let sent = 0;
    const dribble = setInterval(() => {
      const byte = head.charAt(sent++ % head.length);
      for (const socket of slow) if (socket.writable && !isEnded(socket)) socket.write(byte);
    }, 100);
    for (const socket of slow) socket.resume();
    await pause(700);
    const served = await fetch(server.url + SAMPLE);
    expect(served.status).toBe(200);
    expect(slow.filter(isEnded).length).toBeLessThan(1000);
    expect(resident() - before).toBeLessThan(64 * MEGABYTE);
    await expect.poll(() => slow.filter(isEnded).length, { timeout: 20_000 }).toBe(1000);
    clearInterval(dribble);
    expect((await fetch(server.url + SAMPLE)).status).toBe(200);
  });
});

describe('a connection', () => {
  test('IMGPROXY_READ_REQUEST_TIMEOUT: is ended where it brings nothing at all', async () => {
    await serve({ IMGPROXY_READ_REQUEST_TIMEOUT: '0.5' });
    const socket = open().resume();
    await expect.poll(() => isEnded(socket), { timeout: 20_000 }).toBe(true);
  });

  test('IMGPROXY_KEEP_ALIVE_TIMEOUT: is ended where it idles longer, and no sooner', async () => {
    for (const [seconds, ended] of [
      ['0.5', true],
      ['8', false],
    ] as const) {
      await serve({ IMGPROXY_KEEP_ALIVE_TIMEOUT: seconds, IMGPROXY_READ_REQUEST_TIMEOUT: '9' });
      const socket = open();
      socket.write(`GET ${SAMPLE} HTTP/1.1\r\nHost: a\r\n\r\n`);
      expect(statuses(await receive(socket, answers(1)))).toEqual([200]);
      if (ended) await expect.poll(() => isEnded(socket), { timeout: 20_000 }).toBe(true);
      else await pause(1500);
      expect(isEnded(socket)).toBe(ended);
      if (ended) await server.stop();
    }
  });

  test('IMGPROXY_KEEP_ALIVE_TIMEOUT: is kept for longer than the library would keep it', async () => {
    await serve({ IMGPROXY_KEEP_ALIVE_TIMEOUT: '60' });
    const socket = open();
    socket.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(statuses(await receive(socket, answers(1)))).toEqual([200]);
    // The library by itself: after 12 seconds at the latest.
    await pause(13_000);
    expect(isEnded(socket)).toBe(false);
    socket.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(statuses(await receive(socket, answers(1)))).toEqual([200]);
  });

  test('IMGPROXY_KEEP_ALIVE_TIMEOUT: 0 has each answer close it, and say so', async () => {
    await serve({ IMGPROXY_KEEP_ALIVE_TIMEOUT: '0' });
    const socket = open();
    socket.write(`GET ${SAMPLE} HTTP/1.1\r\nHost: a\r\n\r\n`);
    const text = await receive(socket);
    expect(text).toMatch(/\r\nConnection: close\r\n/i);
    expect(text).toMatch(/}}$/);
    expect(isEnded(socket)).toBe(true);
  });

  test('is kept while its answer is made, however short the other times are', async () => {
    const origin = await Origin.start();
    origin.on('*', () => ({ status: 404, delay: 3000 }));
    await serve({
      IMGPROXY_READ_REQUEST_TIMEOUT: '1',
      IMGPROXY_WRITE_RESPONSE_TIMEOUT: '1',
      IMGPROXY_KEEP_ALIVE_TIMEOUT: '1',
    });
    const { status } = await fetch(`${server.url}/info/_/plain/${origin.url('/a')}`);
    expect(status).toBe(404);
    await origin.close();
  });
});

test.each([
  ['HEAD', '', 200],
  ['GET', 'If-None-Match: *\r\n', 304],
])('a connection is kept after an answer to %s %s without a body', async (method, field, status) => {
  await serve({ IMGPROXY_USE_ETAG: 'true' });
  const socket = open();
  socket.write(`${method} ${SAMPLE} HTTP/1.1\r\nHost: a\r\n${field}\r\n`.repeat(2));
  socket.write('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const text = await receive(socket);
  expect(statuses(text)).toEqual([status, status, 200]);
  const lengths = text.match(/(?<=\r\nContent-Length: )\d+/g);
  const length = String((await (await fetch(server.url + SAMPLE)).text()).length);
  expect(lengths).toEqual(status === 200 ? [length, length, '18'] : ['18']);
});

describe('1,000 clients that ask and ask and never take an answer', () => {
  const request = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n';
  const message = 'm'.repeat(16 * 1024);

  test('IMGPROXY_WRITE_RESPONSE_TIMEOUT: are ended, and cost little memory until then', async () => {
    await serve({
      IMGPROXY_WRITE_RESPONSE_TIMEOUT: '3',
      IMGPROXY_HEALTH_CHECK_MESSAGE: message,
    });
    await fetch(server.url + SAMPLE);
    const before = resident();
    const held = descriptors();
    const requests = Buffer.from(request.repeat(100));
    const deaf = Array.from({ length: 1000 }, () => open().pause());
    for (const socket of deaf) socket.write(requests);
    await expect.poll(descriptors, { timeout: 20_000, interval: 20 }).toBeGreaterThan(held + 500);
    expect((await fetch(server.url + SAMPLE)).status).toBe(200);
    expect(resident() - before).toBeLessThan(96 * MEGABYTE);
    await expect.poll(descriptors, { timeout: 20_000 }).toBeLessThan(held + 10);
  });

  test('get all of their answers, in order, where they take them late', async () => {
    await serve({ IMGPROXY_HEALTH_CHECK_MESSAGE: message });
    const socket = open();
    socket.write(request.repeat(100));
    socket.write('GET /last HTTP/1.1\r\nHost: a\r\n\r\n');
    await pause(500);
    const got = statuses(await receive(socket, answers(101)));
    expect(got).toHaveLength(101);
    expect(got.at(-1)).toBe(404);
    expect(new Set(got.slice(0, -1))).toEqual(new Set([200]));
  });
});

describe('100 requests at once on a connection', () => {
  const targets = [SAMPLE, '/info/_/plain/local:///none.jpg', '/health', '/nothing', SAMPLE];
  const expected = Array.from({ length: 100 }, (_, i) => [200, 404, 200, 404, 200][i % 5]);
  const requests = Array.from({ length: 100 }, (_, i) => {
    const version = i % 3 === 0 ? '0' : '1';
    return `GET ${targets[i % 5]} HTTP/1.${version}\r\nHost: a\r\nX-Request-ID: id-${i}\r\nConnection: keep-alive\r\n\r\n`;
  }).join('');

  test.each([
    ['in one piece', requests.length],
    ['in pieces of 777 bytes', 777],
    ['in pieces of 61 bytes', 61],
  ])('%s are answered, in order', async (_, size) => {
    await serve();
    const socket = open();
    const received = receive(socket, (text) => answers(100)(text) && text.endsWith('}}'));
    for (let at = 0; at < requests.length; at += size) {
      socket.write(requests.slice(at, at + size), 'latin1');
      if (size < requests.length) await new Promise(setImmediate);
    }
    const text = await received;
    expect(statuses(text)).toEqual(expected);
    const ids = text.match(/(?<=X-Request-ID: id-)\d+/g)?.map(Number);
    expect(ids).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test('are each asked of the origin once the one before is answered', async () => {
    const origin = await Origin.start();
    origin.on('*', () => ({ status: 410, delay: 100 }));
    await serve();
    const socket = open();
    const get = (i: number) =>
      `GET /info/_/plain/${origin.url(`/${i}`)} HTTP/1.1\r\nHost: a\r\n\r\n`;
    socket.write(get(1) + get(2) + get(3));
    await expect.poll(() => origin.seen.length).toBe(1);
    expect(statuses(await receive(socket, answers(3)))).toEqual([410, 410, 410]);
    expect(origin.seen.map(({ target }) => target)).toEqual(['/1', '/2', '/3']);
    await origin.close();
  });
});

describe('a body', () => {
  const next = 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

  test.each([
    ['GET', 'whose length is said', 'Content-Length: 30000\r\n', 'b'.repeat(30_000)],
    ['HEAD', 'whose length is said', 'Content-Length: 10\r\n', 'GET / HTTP'],
  ])('of a %s, %s, is passed over', async (method, _, field, body) => {
    await serve();
    const socket = open();
    socket.write(`${method} ${SAMPLE} HTTP/1.1\r\nHost: a\r\n${field}\r\n`);
    await pause(30);
    socket.write(body);
    await pause(200);
    socket.write(next);
    const text = await receive(socket);
    expect(statuses(text)).toEqual([200, 200]);
    expect(text).toMatch(/imgpeek is running$/);
  });

  test('of a GET, in chunks, is passed over, and the connection closed', async () => {
    await serve();
    const socket = open();
    const chunks = '5\r\nhello\r\n0\r\n\r\n';
    const head = `GET ${SAMPLE} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`;
    socket.write(head + chunks + next);
    const text = await receive(socket);
    expect(statuses(text)).toEqual([200]);
    expect(text).toMatch(/}}$/);
    expect(isEnded(socket)).toBe(true);
  });

  test.each([
    'GET\n/health GET /health HTTP/1.1',
    'GET /health /health HTTP/1.1',
    'GET\t/health HTTP/1.1',
    'GET /hea\0lth HTTP/1.1',
    'GET /health HTTP/1.1\nHost: b',
    ' GET /health HTTP/1.1',
    '\r\n\r\nGET /health HTTP/1.1',
    '\nGET /health HTTP/1.1',
    '\rGET /health HTTP/1.1',
  ])('is not looked for behind a request line such as %j: 400', async (line) => {
    await serve();
    const socket = open();
    socket.write(`${line}\r\nHost: a\r\n\r\n${next}`);
    expect(statuses(await receive(socket))).toEqual([400]);
  });

  // Each of these has a reading by which the last request is not in the body, and one by which it is.
  const smuggled = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n';
  const size = smuggled.length;

  test.each([
    ['two lengths', `Content-Length: 0\r\nContent-Length: ${size}\r\n`],
    ['two lengths in one field', `Content-Length: 0, ${size}\r\n`],
    ['a length and chunks', `Content-Length: ${size}\r\nTransfer-Encoding: chunked\r\n`],
    ['a negative length', 'Content-Length: -1\r\n'],
    ['a length with a sign', `Content-Length: +${size}\r\n`],
    ['a length in hexadecimal', 'Content-Length: 0x0\r\n'],
    ['a length past 64 bits', 'Content-Length: 18446744073709551616\r\n'],
    ['a space before the colon', `Content-Length : ${size}\r\n`],
    ['a coding that is not chunked', 'Transfer-Encoding: xchunked\r\n'],
    ['a length on a folded line', `X: y\r\n Content-Length: ${size}\r\n`],
    ['a length behind a bare line feed', `X: y\nContent-Length: ${size}\r\n`],
    ['a length behind a NUL', `X: y\0Content-Length: ${size}\r\n`],
  ])('with %s has the connection closed, and nothing behind it answered', async (_, fields) => {
    await serve();
    for (const method of ['GET', 'POST']) {
      const socket = open();
      socket.write(`${method} /nothing HTTP/1.1\r\nHost: a\r\n${fields}\r\n${smuggled}`);
      const text = await receive(socket);
      expect(isEnded(socket)).toBe(true);
      expect(statuses(text)).toEqual([400]);
    }
  });
});

describe('a URL', () => {
  const get = (target: string, fields = '') =>
    `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}Connection: close\r\n\r\n`;
  const long = 'x'.repeat(64 * 1024);

  async function ask(request: string, size: number): Promise<string> {
    const socket = open();
    const received = receive(socket);
    for (let at = 0; at < request.length; at += size) {
      socket.write(request.slice(at, at + size), 'latin1');
      if (at % (size * 8) === 0) await new Promise(setImmediate);
    }
    return received;
  }

  test.each([
    [`/info/_/cb:${long}/plain/local:///photo.jpg`, 200],
    [`/info/_/plain/local:///${long}`, 404],
    [`/info/_/${long}/plain/local:///photo.jpg`, 404],
    [`/info/_/plain/http://127.0.0.1:1/${long}`, 404],
    [`/info/${long}/plain/local:///photo.jpg`, 200],
    [`/${long}`, 404],
  ])('of 64 KiB (%.24s…) is answered, in one piece or many', async (target, status) => {
    await serve();
    for (const size of [100_000, 1460]) {
      expect(statuses(await ask(get(target), size))).toEqual([status]);
    }
  });

  test('that is longer than a head may be is answered 414, too many fields 431', async () => {
    await serve();
    expect(statuses(await ask(get(`/${long.repeat(4)}`), 1460))).toEqual([414]);
    expect(statuses(await ask(get('/health', `X: ${long.repeat(4)}\r\n`), 1460))).toEqual([431]);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});

describe('a client that leaves', () => {
  test.each([
    ['goes away', (socket: Socket) => void socket.destroy()],
    ['resets the connection', (socket: Socket) => void socket.resetAndDestroy()],
    ['ends its half', (socket: Socket) => void socket.end()],
  ])('and %s while the origin is slow ends the request there', async (_, leave) => {
    const origin = await Origin.start();
    origin.on('*', () => ({ status: 200, delay: 20_000 }));
    await serve({ IMGPROXY_DOWNLOAD_TIMEOUT: '15', IMGPROXY_TIMEOUT: '20' });
    await fetch(server.url + SAMPLE);
    const before = descriptors();
    const leaving = Array.from({ length: 20 }, (_, i) => {
      const socket = open();
      const target = `/info/_/plain/${origin.url(`/${i}`)}`;
      // Half of them have more to ask.
      socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(1 + (i % 2)));
      return socket;
    });
    await expect.poll(() => origin.seen.length, { timeout: 20_000 }).toBe(20);
    for (const socket of leaving) leave(socket);
    await expect.poll(() => origin.open, { timeout: 20_000 }).toBe(0);
    await expect.poll(descriptors, { timeout: 20_000 }).toBeLessThanOrEqual(before + 2);
    // The log is written a little later.
    await expect.poll(() => server.output().match(/"status":499/g)?.length).toBe(20);
    expect(origin.seen).toHaveLength(20);
    expect(origin.connections).toBe(20);
    await origin.close();
  });

  test('before it has sent a whole head leaves nothing behind', async () => {
    await serve();
    await fetch(server.url + SAMPLE);
    const before = descriptors();
    for (const text of ['', 'G', `GET ${SAMPLE} HTTP/1.1\r\nHo`]) {
      for (const leave of ['destroy', 'end', 'resetAndDestroy'] as const) {
        const socket = open();
        await new Promise((resolve) => socket.once('connect', resolve));
        socket.write(text);
        await pause(20);
        socket[leave]();
      }
    }
    await expect.poll(descriptors, { timeout: 20_000 }).toBeLessThanOrEqual(before + 1);
  });
});
