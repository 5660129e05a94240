import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { type Running, startServer } from './running.ts';

const SECRET_URL = 'http://user:hunter2@127.0.0.1:1/a.jpg?X-Amz-Signature=deadbeef';

let server: Running | undefined;
let listener: { close(): unknown } | undefined;

afterEach(async () => {
  await server?.stop();
  listener?.close();
  server = listener = undefined;
});

/** Asks for something that fails, and gives what was logged by then. */
async function askAndStop(env: Record<string, string>, path: string): Promise<string> {
  server = await startServer(env);
  await (await request(server.url + path, { headers: { 'x-request-id': 'id-1' } })).body.dump();
  await server.stop();
  return server.output();
}

const PLAIN = `/info/_/plain/${encodeURIComponent(SECRET_URL)}`;

describe('IMGPROXY_LOG_FORMAT and IMGPROXY_LOG_LEVEL', () => {
  it('logs a request in the format json', async () => {
    const lines = (await askAndStop({ IMGPROXY_LOG_FORMAT: 'json' }, PLAIN)).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 'WARNING',
        msg: 'request',
        request_id: 'id-1',
        status: 404,
      }),
    );
  });

  it('logs a request in the format gcp', async () => {
    const output = await askAndStop(
      { IMGPROXY_LOG_FORMAT: 'gcp', IMGPROXY_LOG_LEVEL: 'info' },
      PLAIN,
    );
    expect(output).toMatch(/"severity":"WARNING","message":"request"/);
  });

  it('leaves out what weighs less than the level', async () => {
    // The line with the port weighs less than the level: the port must be known before.
    const { port } = await listenForStream({ port: 0, host: '127.0.0.1' });
    listener?.close();
    listener = undefined;
    const child = spawn(process.execPath, ['dist/main.js', 'serve'], {
      env: {
        PATH: process.env.PATH,
        IMGPROXY_BIND: `127.0.0.1:${port}`,
        IMGPROXY_LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const ask = () => fetch(`http://127.0.0.1:${port}/nothing`).then((response) => response.status);
    await expect.poll(() => ask().catch(() => 0), { timeout: 10_000 }).toBe(404);
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(output).toContain('level="WARNING" msg="request"');
    expect(output).not.toContain('level="INFO"');
  });
});

describe('secrets', () => {
  it.each([
    ['a source that cannot be reached', {}, PLAIN],
    ['a source that is not allowed', { IMGPROXY_ALLOWED_SOURCES: 'http://other/' }, PLAIN],
    ['a source that is no URL', {}, `/info/_/plain/${SECRET_URL}`],
    ['a source that is badly encoded', {}, `/info/_/plain/${SECRET_URL}%zz`],
    ['another route', {}, `/unsafe/plain/${SECRET_URL}`],
    ['a URL for which the prefix is missing', { IMGPROXY_PATH_PREFIX: '/x' }, PLAIN],
  ])('are not logged of %s', async (_, env, path) => {
    const output = await askAndStop({ ...env, IMGPROXY_LOG_LEVEL: 'debug' }, path);
    expect(output).toContain('"status":404');
    expect(output).not.toMatch(/hunter2|deadbeef|X-Amz/);
  });

  it('of the configuration are not logged', async () => {
    const env = {
      IMGPROXY_SECRET: 'bearer-token',
      IMGPROXY_KEY: 'c0ffee',
      IMGPROXY_SALT: 'decaf0',
      IMGPROXY_TRUSTED_SIGNATURES: 'trusted-one',
      IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: '00112233445566778899aabbccddeeff',
    };
    const output = await askAndStop({ ...env, IMGPROXY_LOG_LEVEL: 'debug' }, PLAIN);
    expect(output).toContain('"status":403');
    expect(output).not.toMatch(/bearer-token|c0ffee|decaf0|trusted-one|00112233/i);
  });
});

/** RFC 3164: user.warning, a timestamp, the tag with the process id. */
const SYSLOG = /^<12>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ peek\[\d+\]: \{.*"status":404/;
const ENABLED = {
  IMGPROXY_SYSLOG_ENABLE: 'true',
  IMGPROXY_SYSLOG_TAG: 'peek',
  IMGPROXY_SYSLOG_LEVEL: 'warning',
};

/** The line of the request that the tests make, once it has come. */
function lineOf(stream: { text(): string }): string | undefined {
  return stream
    .text()
    .split('\n')
    .find((line) => line.includes('id-1'));
}

async function listenForStream(where: { port: number; host: string } | string): Promise<{
  port: number;
  text(): string;
  connections(): number;
}> {
  let text = '';
  let connections = 0;
  const stream: Server = createServer((socket) => {
    connections++;
    socket.setEncoding('utf8').on('data', (data: string) => {
      text += data;
    });
  });
  await new Promise<void>((resolve) => {
    if (typeof where === 'string') stream.listen(where, resolve);
    else stream.listen(where, resolve);
  });
  listener = stream;
  const address = stream.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    text: () => text,
    connections: () => connections,
  };
}

describe('IMGPROXY_SYSLOG_*', () => {
  it('sends lines of the level and above over udp, with the tag', async () => {
    const messages: string[] = [];
    const socket = createSocket('udp4').on('message', (message) => messages.push(String(message)));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    listener = socket;
    const address = `127.0.0.1:${socket.address().port}`;
    await askAndStop(
      { ...ENABLED, IMGPROXY_SYSLOG_NETWORK: 'udp', IMGPROXY_SYSLOG_ADDRESS: address },
      PLAIN,
    );
    await expect.poll(() => messages.find((message) => message.includes('id-1'))).toMatch(SYSLOG);
    expect(messages.some((message) => message.includes('"INFO"'))).toBe(false);
  });

  it('sends nothing unless IMGPROXY_SYSLOG_ENABLE is true', async () => {
    const stream = await listenForStream({ port: 0, host: '127.0.0.1' });
    const env = {
      ...ENABLED,
      IMGPROXY_SYSLOG_NETWORK: 'tcp',
      IMGPROXY_SYSLOG_ADDRESS: `127.0.0.1:${stream.port}`,
    };
    await askAndStop({ ...env, IMGPROXY_SYSLOG_ENABLE: 'false' }, PLAIN);
    expect(stream.connections()).toBe(0);
    await askAndStop(env, PLAIN);
    await expect.poll(stream.connections).toBeGreaterThan(0);
  });

  it('sends lines over tcp', async () => {
    const stream = await listenForStream({ port: 0, host: '127.0.0.1' });
    await askAndStop(
      {
        ...ENABLED,
        IMGPROXY_SYSLOG_NETWORK: 'tcp',
        IMGPROXY_SYSLOG_ADDRESS: `127.0.0.1:${stream.port}`,
      },
      PLAIN,
    );
    await expect.poll(() => lineOf(stream)).toMatch(SYSLOG);
  });

  it('sends lines to a Unix stream socket', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'imgpeek-log-')), 'log');
    const stream = await listenForStream(path);
    await askAndStop(
      { ...ENABLED, IMGPROXY_SYSLOG_NETWORK: 'unix', IMGPROXY_SYSLOG_ADDRESS: path },
      PLAIN,
    );
    await expect.poll(() => lineOf(stream)).toMatch(SYSLOG);
  });

  it('serves where the local syslog is not there', async () => {
    const output = await askAndStop({ ...ENABLED, IMGPROXY_SYSLOG_ADDRESS: '/nowhere/log' }, PLAIN);
    expect(output).toContain('"status":404');
  });
});
