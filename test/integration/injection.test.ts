import { createCipheriv } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Running, startServer } from './running.ts';

/** What a stranger writes into URLs and headers must not become a request, a header or an answer. */

const KEY = '00112233445566778899aabbccddeeff';

let server: Running;
let origin: Server;
/** All bytes that the origin was sent. */
let received = '';
/** What the origin answers, head and body. */
let answer: (target: string) => string = () => '';
const sockets = new Set<Socket>();

const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n';

beforeAll(async () => {
  origin = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      const text = data.toString('latin1');
      received += text;
      socket.write(answer(text.split(' ', 2)[1] ?? ''), 'latin1');
    });
  });
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  server = await startServer({
    IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: KEY,
    IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples',
    IMGPROXY_REQUEST_HEADERS_PASSTHROUGH: 'X-Handed,Cookie,Connection-Bound,Authorization',
    IMGPROXY_RESPONSE_HEADERS_PASSTHROUGH: 'X-Back,Set-Cookie,Content-Length,Connection-Bound',
    IMGPROXY_CACHE_CONTROL_PASSTHROUGH: 'true',
    IMGPROXY_USE_ETAG: 'true',
  });
});
afterAll(async () => {
  await server.stop();
  for (const socket of sockets) socket.destroy();
  origin.close();
});
beforeEach(() => {
  received = '';
  answer = () => NOT_FOUND;
});

const authority = () => `127.0.0.1:${(origin.address() as AddressInfo).port}`;

/** Sends bytes to the server and gives what comes back until it closes the connection. */
async function exchange(request: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('latin1').on('data', (data) => {
    text += data;
  });
  socket.on('error', () => {});
  socket.write(request, 'latin1');
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

const ask = (target: string, fields = '') =>
  exchange(`GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}Connection: close\r\n\r\n`);

/** The heads of what the origin was sent, each as its lines. */
const heads = () =>
  received
    .split('\r\n\r\n')
    .filter((head) => head !== '')
    .map((head) => head.split('\r\n'));

/** The lines of an answer's head. */
const linesOf = (text: string) => (text.split('\r\n\r\n', 1)[0] ?? '').split('\r\n');

function encrypt(url: string): string {
  const iv = Buffer.alloc(16, 1);
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(KEY, 'hex'), iv);
  return Buffer.concat([iv, cipher.update(url, 'utf8'), cipher.final()]).toString('base64url');
}

/** Each way to name a source URL. */
const FORMS: [name: string, write: (url: string) => string][] = [
  ['plain', (url) => `plain/${encodeURIComponent(url)}`],
  ['Base64', (url) => Buffer.from(url).toString('base64url')],
  ['encrypted', (url) => `enc/${encrypt(url)}`],
];

const INJECTED = 'X-Injected: 1';
/** What would end a line or a target, or does where bytes are cut from wide characters. */
const PAYLOADS = [
  ` HTTP/1.1\r\n${INJECTED}\r\n\r\nGET /smuggled`,
  `\r\n${INJECTED}`,
  `\n${INJECTED}`,
  `\r${INJECTED}`,
  `\r\n ${INJECTED}`,
  `\0\r\n${INJECTED}`,
  `\u2028${INJECTED}`,
  `\u0085${INJECTED}`,
  `\u010d\u010a${INJECTED}`,
  `\u560d\u560a${INJECTED}`,
  `%0d%0a${INJECTED}`,
  `%250d%250a${INJECTED}`,
  `%E5%98%8D%E5%98%8A${INJECTED}`,
  `\ufeff${INJECTED}`,
  ' HTTP/1.0 ',
  '\t',
  '\x7f',
  '\\r\\n',
];

/** Each place in a URL. */
const PLACES: [name: string, at: (host: string, payload: string) => string][] = [
  ['path', (host, payload) => `http://${host}/a${payload}b`],
  ['query', (host, payload) => `http://${host}/a?b=${payload}c`],
  ['fragment', (host, payload) => `http://${host}/a#${payload}`],
  ['user name', (host, payload) => `http://user${payload}:word@${host}/a`],
  ['password', (host, payload) => `http://user:word${payload}@${host}/a`],
  ['host', (host, payload) => `http://${host}${payload}/a`],
  ['scheme', (host, payload) => `http${payload}://${host}/a`],
  ['local path', (_, payload) => `local:///${payload}`],
];

/** Fails where anything but one tidy head reached the origin. */
function expectTidy(about: string): void {
  for (const [line = '', ...fields] of heads()) {
    expect(line, about).toMatch(/^GET \/[!-~]* HTTP\/1\.1$/);
    for (const field of fields) expect(field, about).toMatch(/^[!-9;-~]+: [\t -~\x80-\xff]*$/);
    expect(fields.map((field) => field.split(':')[0]?.toLowerCase())).not.toContain('x-injected');
    expect(line).not.toContain('/smuggled HTTP');
  }
  expect(heads().length, about).toBeLessThanOrEqual(1);
}

describe.each(FORMS)('a source URL that is %s', (_, write) => {
  test.each(PLACES)('adds nothing to the request by its %s', async (_, at) => {
    for (const payload of PAYLOADS) {
      received = '';
      const url = at(authority(), payload);
      const text = await ask(`/info/_/${write(url)}`);
      expect(text, JSON.stringify(url)).toMatch(/^HTTP\/1\.1 404 /);
      expectTidy(JSON.stringify(url));
      expect(text).not.toContain('X-Injected');
    }
  });
});

test('a request target with raw control bytes or spaces is refused before it is read', async () => {
  for (const byte of ['\n', '\r', '\0', '\t', ' ', '\x7f', '\x0b']) {
    const text = await ask(`/info/_/plain/http://${authority()}/a${byte}b`);
    expect(text, JSON.stringify(byte)).toMatch(/^HTTP\/1\.1 400 /);
  }
  expect(received).toBe('');
});

describe('a field that is handed on to the origin', () => {
  const target = () => `/info/_/plain/http://${authority()}/a`;
  const sent = (name: string) =>
    heads()
      .flat()
      .filter((line) => line.toLowerCase().startsWith(`${name}:`));

  test.each([
    ['latin-1 bytes', 'caf\xe9s'],
    ['UTF-8 bytes', 'caf\xc3\xa9s'],
    ['a tab', 'a\tb'],
    ['every visible byte', String.fromCharCode(...Array.from({ length: 94 }, (_, i) => i + 33))],
  ])('arrives as it was, with %s', async (_, value) => {
    await ask(target(), `X-Handed: ${value}\r\n`);
    expect(sent('x-handed')).toEqual([`x-handed: ${value}`]);
    expectTidy(value);
  });

  test.each([
    ['a bare CR', `a\r${INJECTED}`],
    ['a bare LF', `a\n${INJECTED}`],
    ['a NUL', `a\0b`],
    ['a folded line', `a\r\n ${INJECTED}`],
    ['a line folded by a tab', `a\r\n\t${INJECTED}`],
    ['a control byte', 'a\x01b'],
  ])('is refused with the request where it has %s', async (_, value) => {
    for (const name of ['X-Handed', 'Cookie', 'X-Request-ID', 'Traceparent']) {
      const text = await ask(target(), `${name}: ${value}\r\n`);
      expect(text).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect(received).toBe('');
  });

  test('is not handed on where the client says that it is for the connection alone', async () => {
    await exchange(
      `GET ${target()} HTTP/1.1\r\nHost: a\r\nConnection-Bound: 1\r\nX-Handed: 2\r\n` +
        'Connection: close, Connection-Bound\r\n\r\n',
    );
    expect(sent('connection-bound')).toEqual([]);
    expect(sent('x-handed')).toHaveLength(1);
  });
});

describe('a field that is handed on to the client', () => {
  const GIF = 'GIF89a\x01\0\x01\0\0\0\0;';
  const answering = (fields: string) => () =>
    `HTTP/1.1 200 OK\r\nContent-Length: ${GIF.length}\r\n${fields}\r\n${GIF}`;
  const request = () => ask(`/info/_/plain/http://${authority()}/${Math.random()}`);

  test.each([
    ['latin-1 bytes', 'caf\xe9s'],
    ['UTF-8 bytes', 'caf\xc3\xa9s'],
  ])('arrives as it was, with %s', async (_, value) => {
    answer = answering(`X-Back: ${value}\r\n`);
    const text = await request();
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(linesOf(text)).toContain(`x-back: ${value}`);
  });

  test.each([
    ['a bare CR', `a\r${INJECTED}`],
    ['a bare LF', `a\n${INJECTED}`],
    ['a NUL', `a\0${INJECTED}`],
    ['a folded line', `a\r\n ${INJECTED}`],
    ['a folded, empty line', `a\r\n \r\n ${INJECTED}`],
    ['a control byte', `a\x01${INJECTED}`],
    ['an escaped line end', `a%0d%0a${INJECTED}`],
    ['wide characters cut to a line end', `a\u010d\u010a${INJECTED}`],
  ])('is one field still, or none, where it has %s', async (_, value) => {
    for (const name of ['X-Back', 'Set-Cookie', 'Cache-Control', 'ETag', 'Expires']) {
      answer = answering(`${name}: ${value}\r\n`);
      const text = await request();
      // An origin whose head nobody may accept has given no answer.
      expect(text).toMatch(/^HTTP\/1\.1 (?:200|404|422) /);
      for (const line of linesOf(text)) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not pass
        expect(line).not.toMatch(/^X-Injected|[\x00-\x08\x0a-\x1f\x7f]/);
      }
      expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    }
  });

  test('frames no answer, and is not one of the connection', async () => {
    answer = answering('Connection: close, Connection-Bound\r\nConnection-Bound: 1\r\n');
    const lines = linesOf(await request());
    expect(lines.filter((line) => /^content-length:/i.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /^connection-bound:/i.test(line))).toHaveLength(0);
  });
});

describe('a Location', () => {
  const follow = async (location: string) => {
    answer = (target) =>
      target === '/first'
        ? `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`
        : NOT_FOUND;
    received = '';
    return ask(`/info/_/plain/http://${authority()}/first`);
  };
  /** Heads of requests after the first. */
  const followed = () => heads().slice(1);

  test.each(
    PAYLOADS.filter((payload) => !payload.includes('\u560d')),
  )('with %j adds nothing to the next request', async (payload) => {
    const bytes = Buffer.from(payload, 'utf8').toString('latin1');
    for (const location of [
      `/a${bytes}b`,
      `a${bytes}b`,
      `?a=${bytes}b`,
      `http://${authority()}/a${bytes}b`,
      `http://user${bytes}@${authority()}/a`,
      `//${authority()}${bytes}/a`,
    ]) {
      const text = await follow(location);
      expect(text, JSON.stringify(location)).toMatch(/^HTTP\/1\.1 (?:404|422) /);
      expect(followed().length).toBeLessThanOrEqual(1);
      received = received.slice(received.indexOf('\r\n\r\n') + 4);
      expectTidy(JSON.stringify(location));
    }
  });

  test.each([
    'local:///photo.jpg',
    'LOCAL:///photo.jpg',
    'file:///etc/hostname',
    'ftp://127.0.0.1/a',
    'data:image/gif;base64,R0lGODlhAQABAAAAADs=',
    'javascript:alert(1)',
    'gopher://127.0.0.1/_GET',
    's3://bucket/key',
    'http:photo.jpg',
    'http:///photo.jpg',
    'http:\\\\127.0.0.1\\a',
    '\\\\127.0.0.1\\a',
    '',
  ])('of %j is not followed to another kind of source', async (location) => {
    const text = await follow(location);
    expect(text).toMatch(/^HTTP\/1\.1 404 /);
    // What has no scheme is a path at the same origin, with its backslashes encoded.
    for (const [line] of followed()) expect(line).toMatch(/^GET \/[!-[\]-~]* HTTP\/1\.1$/);
  });

  test('with a user name has it sent to that host, and written nowhere', async () => {
    const text = await follow(`http://somebody:pass-word@${authority()}/second`);
    expect(text).not.toContain('pass-word');
    expect(server.output()).not.toContain('pass-word');
    const basic = Buffer.from('somebody:pass-word').toString('base64');
    expect(followed().flat()).toContain(`authorization: Basic ${basic}`);
  });
});

describe('an encrypted source URL', () => {
  test('is answered with the same bytes whatever is wrong with it', async () => {
    const good = Buffer.from(encrypt(`http://${authority()}/a`), 'base64url');
    const changed = (at: number) => {
      const copy = Buffer.from(good);
      copy[at]! ^= 0x80;
      return copy.toString('base64url');
    };
    const wrong = {
      'a changed block': changed(16),
      'a changed padding': changed(good.length - 17),
      'a byte too few': good.subarray(0, -1).toString('base64url'),
      'no ciphertext': good.subarray(0, 16).toString('base64url'),
      'nothing but a byte': 'AA',
      'no Base64': '*'.repeat(64),
      'half a byte': `${good.toString('base64url')}A`.slice(0, 65),
      'noise with a good padding': encrypt('\ufffd\u0001'),
      'no URL': encrypt('photo'),
      'a URL with a line end': encrypt(`http://${authority()}/\r\nX-Injected: 1`),
    };
    const answers = await Promise.all(
      Object.values(wrong).map(async (one) => {
        const text = await ask(`/info/_/enc/${one}`, 'X-Request-ID: one\r\n');
        return text.replace(/\r\nDate: [^\r]*/, '');
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^HTTP\/1\.1 404 .*\r\n\r\nInvalid URL$/s);
    expect(received).toBe('');
  });
});

describe('a signature', () => {
  test('of any length and any bytes is 403 where it is wrong', async () => {
    const signing = await startServer({ IMGPROXY_KEY: '00ff', IMGPROXY_SALT: '11ee' });
    const { hostname, port } = new URL(signing.url);
    const statuses = new Set<string>();
    const lengths = [1, 2, 3, 10, 31, 32, 33, 42, 43, 44, 64, 86, 1000, 10_000];
    const signatures = [
      ...lengths.map((length) => 'A'.repeat(length)),
      ...['=', '*', '%00', '%2F', '\xff\xfe', '\xc3\xa9', '-', '_', 'unsafe', ':', '.', '..'],
    ];
    for (const signature of signatures) {
      const socket = connect(Number(port), hostname).setEncoding('latin1');
      let text = '';
      socket.on('data', (data) => {
        text += data;
      });
      socket.write(
        `GET /info/${signature}/plain/http://a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
        'latin1',
      );
      await new Promise((resolve) => socket.once('close', resolve));
      statuses.add(`${text.slice(9, 12)} ${text.split('\r\n\r\n')[1]}`);
    }
    expect([...statuses]).toEqual(['403 Forbidden']);
    await signing.stop();
  });
});

test('a request target with raw bytes of UTF-8 reaches the origin as these bytes', async () => {
  await ask(`/info/_/plain/http://${authority()}/a\xc3\xa4b`);
  expect(heads()[0]?.[0]).toBe('GET /a%C3%A4b HTTP/1.1');
});
