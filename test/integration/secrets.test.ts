import { spawn, spawnSync } from 'node:child_process';
import { createCipheriv, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Origin } from '../source/origin.ts';
import { freePort } from './free-port.ts';
import { childrenOf } from './usage.ts';

/** What only the operator, a client or an origin may know is in no log, no answer and no metric. */

const word = (name: string) => `${name}-e6f1c2`;
const hex = (text: string) => Buffer.from(text).toString('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');

const KEY = word('signing-key');
const SALT = word('signing-salt');
const ENCRYPTION_KEY = 'enc-key-7d4b9a0c';
const PASSWORD = word('password');

/** Each secret as it could be seen. */
const SECRETS: Record<string, string> = {
  key: KEY,
  'key in hex': hex(KEY),
  salt: SALT,
  'salt in hex': hex(SALT),
  'encryption key': ENCRYPTION_KEY,
  'encryption key in hex': hex(ENCRYPTION_KEY),
  bearer: word('bearer'),
  'wrong bearer': word('almost-bearer'),
  'trusted signature': word('trusted'),
  password: PASSWORD,
  'password in Base64': base64(`user:${PASSWORD}`),
  'token of a custom header': word('custom-token'),
  'password of the base URL for cookies': word('cookie-base'),
  'password of a replacement': word('replacement'),
  'cookie of a client': word('client-cookie'),
  'cookie of an origin': word('origin-cookie'),
  'header of a client': word('client-header'),
  path: word('private-path'),
  query: word('presigned'),
  fragment: word('fragment'),
  'password of a redirect': word('redirect-password'),
  'path of a redirect': word('redirect-path'),
  'body of an origin': word('body'),
};

const ENV: Record<string, string> = {
  IMGPROXY_KEY: hex(KEY),
  IMGPROXY_SALT: hex(SALT),
  IMGPROXY_SECRET: word('bearer'),
  IMGPROXY_TRUSTED_SIGNATURES: word('trusted'),
  IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: hex(ENCRYPTION_KEY),
  IMGPROXY_CUSTOM_REQUEST_HEADERS: `X-Api-Key=${word('custom-token')}`,
  IMGPROXY_COOKIE_PASSTHROUGH: 'true',
  IMGPROXY_COOKIE_BASE_URL: `http://user:${word('cookie-base')}@127.0.0.1/`,
  IMGPROXY_URL_REPLACEMENTS: `replaced://=http://user:${word('replacement')}@127.0.0.1:1/`,
  IMGPROXY_REQUEST_HEADERS_PASSTHROUGH: 'X-Client,Authorization',
  IMGPROXY_RESPONSE_HEADERS_PASSTHROUGH: 'X-Harmless',
  IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES: 'true',
  IMGPROXY_ALLOW_LINK_LOCAL_SOURCE_ADDRESSES: 'false',
  IMGPROXY_DEVELOPMENT_ERRORS_MODE: 'true',
  IMGPROXY_ENABLE_DEBUG_HEADERS: 'true',
  IMGPROXY_DOWNLOAD_TIMEOUT: '1',
  IMGPROXY_MAX_SRC_FILE_SIZE: '100000',
  IMGPROXY_MAX_REDIRECTS: '2',
  IMGPEEK_PROCESSES: '1',
};

const main = ['dist/main.js'];
let origin: Origin;

const sign = (path: string) =>
  `/info/${createHmac('sha256', KEY).update(SALT).update(path).digest('base64url')}${path}`;
const plain = (url: string, options = '') => sign(`${options}/plain/${encodeURIComponent(url)}`);
function encrypted(url: string): string {
  const iv = Buffer.alloc(16, 3);
  const cipher = createCipheriv('aes-128-cbc', ENCRYPTION_KEY, iv);
  const bytes = Buffer.concat([iv, cipher.update(url), cipher.final()]);
  return sign(`/enc/${bytes.toString('base64url')}`);
}

/** The tail of each source URL: what is no other's business. */
const PRIVATE = `${word('private-path')}/a.jpg?X-Amz-Signature=${word('presigned')}#${word('fragment')}`;

beforeAll(async () => {
  origin = await Origin.start();
  const body = Buffer.from(word('body').repeat(20));
  const headers = { 'Set-Cookie': `session=${word('origin-cookie')}` };
  const location = `http://user:${word('redirect-password')}@127.0.0.1:${origin.port}/loop/${word('redirect-path')}`;
  const to = (url: string) => ({ status: 302, headers: { ...headers, Location: url } });
  origin.on('*', ({ target }) => {
    const kind = target.split('/')[1] ?? '';
    switch (kind) {
      case 'noise':
        return { status: 200, headers, body };
      case 'broken':
        return { status: 200, headers, body, breakAfter: 30 };
      case 'reset':
        return { status: 200, headers, breakAfter: -1 };
      case 'slow':
        return { status: 200, headers, body, delay: 5000 };
      case 'gzip':
        return { status: 200, headers: { ...headers, 'Content-Encoding': 'gzip' }, body };
      case 'coding':
        return { status: 200, headers: { ...headers, 'Content-Encoding': word('body') }, body };
      case 'head':
        return { status: 200, headers: { ...headers, 'Bad Name': `\0${word('body')}` }, body };
      case 'large':
        return { status: 200, headers: { ...headers, 'Content-Length': '1000000' }, body };
      case 'length':
        return { status: 200, headers: { ...headers, 'Content-Length': word('body') }, body };
      case 'range':
        return {
          status: 206,
          headers: { ...headers, 'Content-Range': `bytes ${word('body')}` },
          body,
        };
      case 'loop':
        return to(location);
      case 'scheme':
        return to(`ftp://user:${word('redirect-password')}@h/${word('redirect-path')}`);
      case 'metadata':
        return to(`http://169.254.169.254/${word('redirect-path')}`);
      case 'malformed':
        return to(`http://user:${word('redirect-password')}@[::1/${word('redirect-path')}`);
      default:
        return { status: Number(kind), headers, body };
    }
  });
});
afterAll(() => origin.close());

/** Request targets of each kind of error. */
function targets(): string[] {
  const at = (kind: string) =>
    `http://user:${PASSWORD}@127.0.0.1:${origin.port}/${kind}/${PRIVATE}`;
  const kinds = [
    '404',
    '403',
    '500',
    '206',
    '304',
    '416',
    '999',
    'noise',
    'broken',
    'reset',
    'slow',
  ];
  kinds.push('gzip', 'coding', 'head', 'large', 'length', 'range');
  kinds.push('loop', 'scheme', 'metadata', 'malformed');
  const wrong = [
    `http://user:${PASSWORD}@127.0.0.1:1/${PRIVATE}`,
    `https://user:${PASSWORD}@127.0.0.1:${origin.port}/${PRIVATE}`,
    `http://user:${PASSWORD}@nowhere.invalid/${PRIVATE}`,
    `http://user:${PASSWORD}@169.254.169.254/${PRIVATE}`,
    `http://user:${PASSWORD}@[::1/${PRIVATE}`,
    `http://user:${PASSWORD}@127.0.0.1:99999/${PRIVATE}`,
    `http://user:${PASSWORD}@127.0.0.1\\/${PRIVATE}`,
    `ftp://user:${PASSWORD}@127.0.0.1/${PRIVATE}`,
    `user:${PASSWORD}@127.0.0.1/${PRIVATE}`,
    `http://user:${PASSWORD}@127.0.0.1/\n${PRIVATE}`,
    `local:///${PRIVATE}`,
    `replaced://${PRIVATE}`,
    PRIVATE,
  ];
  const urls = [...kinds.map(at), ...wrong];
  return [
    ...urls.map((url) => plain(url)),
    ...urls.map(encrypted),
    sign(`/${Buffer.from(at('404')).toString('base64url')}`),
    plain(at('404'), '/expires:1'),
    plain(at('404'), '/nonsense:1'),
    plain(at('404'), '/size:maybe'),
    plain(at('404'), '/hashsum:md5:zz'),
    sign(`/plain/${at('404')}%zz`),
    sign(`/plain/${at('404')}@jpg@png`),
    sign(`/plain/${at('404').replace(/\?.*/, '')}`),
    sign(`/${base64(at('404'))}*`),
    `/info/${'A'.repeat(43)}/plain/${at('404')}`,
    `/info/${word('trusted')}/size:1/plain/${encodeURIComponent(at('404'))}`,
    `/info/${word('trusted')}x/plain/a`,
    `/nothing/${PRIVATE}`,
    `/info/${PRIVATE}`,
  ];
}

/** Serves, makes each error, and gives all that could be seen of it. */
async function observe(env: Record<string, string>): Promise<Record<string, string>> {
  const port = await freePort();
  const metricsPort = await freePort();
  const child = spawn(process.execPath, [...main, 'serve'], {
    env: {
      ...ENV,
      PATH: process.env['PATH'],
      IMGPROXY_BIND: `127.0.0.1:${port}`,
      IMGPROXY_PROMETHEUS_BIND: `127.0.0.1:${metricsPort}`,
      ...env,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        fetch(`${url}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
  let answers = '';
  const ask = async (target: string, authorization: string) => {
    const response = await fetch(url + target, {
      headers: {
        Authorization: authorization,
        Cookie: `a=${word('client-cookie')}`,
        'X-Client': word('client-header'),
      },
    });
    const fields = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    answers += `${response.status} ${fields.join('\n')}\n${await response.text()}\n`;
  };
  await Promise.all(targets().map((target) => ask(target, `Bearer ${word('bearer')}`)));
  await ask(targets()[0] ?? '', `Bearer ${word('almost-bearer')}`);
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const processes = [child.pid, ...childrenOf(child.pid)]
    .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    .join('\n');
  child.kill('SIGTERM');
  await once(child, 'exit');
  return { log, answers, metrics, processes };
}

/** The secrets that `text` has in it. */
const seenIn = (text: string) =>
  Object.entries(SECRETS)
    .filter(([, secret]) => text.includes(secret))
    .map(([name]) => name);

describe('no secret is in a log, an answer, a metric or a command line', () => {
  test.each([
    ['pretty', 'debug'],
    ['structured', 'debug'],
    ['gcp', 'debug'],
    ['json', 'debug'],
    ['json', 'info'],
  ])('in the format %s at the level %s', async (format, level) => {
    const seen = await observe({ IMGPROXY_LOG_FORMAT: format, IMGPROXY_LOG_LEVEL: level });
    // There must be something to look through.
    expect(seen['answers']?.match(/^[345]\d\d /gm)?.length).toBeGreaterThan(60);
    expect(seen['log']?.split('\n').length).toBeGreaterThan(60);
    expect(seen['metrics']).toContain('errors_total');
    for (const [where, text] of Object.entries(seen)) {
      expect({ where, secrets: seenIn(text) }).toEqual({ where, secrets: [] });
    }
  });

  test('not by `imgpeek config` either, nor where a value is wrong', () => {
    const config = (env: Record<string, string>, ...flags: string[]) => {
      const { stdout, stderr } = spawnSync(process.execPath, [...main, 'config', ...flags], {
        env: { PATH: process.env['PATH'] ?? '', ...ENV, ...env },
        encoding: 'utf8',
      });
      return stdout + stderr;
    };
    expect(config({}, '--set')).toContain('IMGPROXY_SECRET=***');
    expect(seenIn(config({}))).toEqual([]);
    const wrong = Object.entries(ENV).map(([name, value]) => [name, `\x01 ${value};;=,${value}`]);
    expect(seenIn(config(Object.fromEntries(wrong)))).toEqual([]);
    // A name with a letter too many is warned about, and its value is not repeated.
    const misspelt = Object.entries(ENV).map(([name, value]) => [`${name}S`, value]);
    const warned = config(Object.fromEntries(misspelt));
    expect(warned).toContain('IMGPROXY_SECRETS');
    expect(seenIn(warned)).toEqual([]);
  });
});
