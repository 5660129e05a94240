import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { Origin } from '../source/origin.ts';
import { freePort } from './free-port.ts';
import { type Running, startServer } from './running.ts';

let server: Running | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function serve(env: Record<string, string>): Promise<string> {
  server = await startServer(env);
  return server.url;
}

/** What a health check at an address says: a status, or why there is none. */
const healthAt = (address: string) =>
  fetch(`http://${address}/health`).then(
    ({ status }) => status,
    (error) => error.cause.code,
  );

it('PORT: is listened on where IMGPROXY_BIND is unset', async () => {
  const [port, other] = [await freePort(), await freePort()];
  await serve({ IMGPROXY_BIND: '', PORT: `${port}` });
  expect(await healthAt(`127.0.0.1:${port}`)).toBe(200);
  await server?.stop();
  await serve({ IMGPROXY_BIND: `127.0.0.1:${other}`, PORT: `${port}` });
  expect(await healthAt(`127.0.0.1:${port}`)).toBe('ECONNREFUSED');
});

it('IMGPROXY_BIND: is the one address that is listened on', async () => {
  const port = await freePort();
  await serve({ IMGPROXY_BIND: `127.0.0.2:${port}` });
  expect(await healthAt(`127.0.0.2:${port}`)).toBe(200);
  expect(await healthAt(`127.0.0.1:${port}`)).toBe('ECONNREFUSED');
});

it.each([
  ['tcp', 200],
  ['tcp4', 'ECONNREFUSED'],
])('IMGPROXY_NETWORK: %s without an address answers IPv4, and ::1 with %s', async (network, v6) => {
  const { port } = new URL(await serve({ IMGPROXY_NETWORK: network, IMGPROXY_BIND: ':0' }));
  expect(await healthAt(`127.0.0.1:${port}`)).toBe(200);
  expect(await healthAt(`[::1]:${port}`)).toBe(v6);
});

it('IMGPROXY_NETWORK: tcp6 answers ::1', async () => {
  const { port } = new URL(await serve({ IMGPROXY_NETWORK: 'tcp6', IMGPROXY_BIND: ':0' }));
  expect(await healthAt(`[::1]:${port}`)).toBe(200);
});

it('IMGPROXY_NETWORK: unix has IMGPROXY_BIND be the path of a socket', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'imgpeek-'));
  const socketPath = join(folder, 'socket');
  await serve({ IMGPROXY_NETWORK: 'unix', IMGPROXY_BIND: socketPath });
  const [response] = (await once(get({ socketPath, path: '/health' }), 'response')) as [
    IncomingMessage,
  ];
  response.resume();
  expect(response.statusCode).toBe(200);
  await server?.stop();
  rmSync(folder, { recursive: true });
});

it('IMGPROXY_PATH_PREFIX, IMGPROXY_HEALTH_CHECK_PATH, IMGPROXY_HEALTH_CHECK_MESSAGE: say what is where', async () => {
  const url = await serve({
    IMGPROXY_PATH_PREFIX: '/images',
    IMGPROXY_HEALTH_CHECK_PATH: '/alive',
    IMGPROXY_HEALTH_CHECK_MESSAGE: 'well',
  });
  const ask = async (path: string) => {
    const response = await fetch(url + path);
    return `${response.status} ${await response.text()}`;
  };
  expect(await ask('/images/health')).toBe('200 well');
  expect(await ask('/alive')).toBe('200 well');
  expect(await ask('/images/info/_/x:1/plain/a')).toBe('404 Invalid URL');
  expect(await ask('/info/_/x:1/plain/a')).toBe('404 Not found');
});

it('IMGPROXY_SERVER_NAME, IMGPROXY_ALLOW_ORIGIN: are in the headers of each response', async () => {
  const url = await serve({ IMGPROXY_SERVER_NAME: 'peek', IMGPROXY_ALLOW_ORIGIN: 'https://a.b' });
  for (const path of ['/health', '/info/_/x:1/plain/a', '/nothing']) {
    const { headers } = await fetch(url + path);
    expect(headers.get('server')).toBe('peek');
    expect(headers.get('access-control-allow-origin')).toBe('https://a.b');
  }
});

it('IMGPROXY_ALLOW_ORIGIN: is told to a browser that asks first, and nothing without it', async () => {
  const preflight = async (env: Record<string, string>) => {
    const url = await serve(env);
    const { status, headers } = await fetch(`${url}/info/_/plain/a`, { method: 'OPTIONS' });
    await server?.stop();
    return [status, headers.get('access-control-allow-origin')];
  };
  expect(await preflight({ IMGPROXY_ALLOW_ORIGIN: 'https://a.b' })).toEqual([200, 'https://a.b']);
  expect(await preflight({})).toEqual([200, null]);
});

it.each([
  ['2', 2],
  ['6', 6],
])('IMGPROXY_WORKERS: at %s so many of 6 requests are worked on at a time', async (workers, expected) => {
  const origin = await Origin.start();
  let now = 0;
  let most = 0;
  origin.on('*', () => {
    most = Math.max(most, ++now);
    setTimeout(() => now--, 1_000);
    return { status: 404, delay: 1_000 };
  });
  const url = await serve({ IMGPROXY_WORKERS: workers });
  const asked = Array.from({ length: 6 }, (_, i) =>
    fetch(`${url}/info/_/plain/${origin.url(`/${i}`)}`).then(({ status }) => status),
  );
  expect(new Set(await Promise.all(asked))).toEqual(new Set([404]));
  expect(most).toBe(expected);
  await origin.close();
});

it('IMGPROXY_DEVELOPMENT_ERRORS_MODE: tells the client what is wrong', async () => {
  const url = await serve({ IMGPROXY_DEVELOPMENT_ERRORS_MODE: 'true' });
  const text = await (await fetch(`${url}/info/_/nonsense:1/plain/a`)).text();
  expect(text).toMatch(/^Invalid URL: .*nonsense/);
});

it.each([
  ['60', 'is answered'],
  ['0', 'is cut off'],
])('IMGPROXY_GRACEFUL_STOP_TIMEOUT: at %s what is under way %s', async (timeout, outcome) => {
  const origin = await Origin.start();
  origin.on('*', () => ({ status: 404, delay: 2_000 }));
  const url = await serve({ IMGPROXY_GRACEFUL_STOP_TIMEOUT: timeout });
  const asked = fetch(`${url}/info/_/plain/${origin.url('/a')}`).then(
    ({ status }) => (status === 404 ? 'is answered' : `is answered ${status}`),
    () => 'is cut off',
  );
  await vi.waitUntil(() => origin.seen.length > 0, { timeout: 10_000 });
  const status = await server?.stop();
  expect(await asked).toBe(outcome);
  expect(status).toBe(0);
  await origin.close();
});
