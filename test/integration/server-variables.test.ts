import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { Origin } from '../source/origin.ts';
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

it('PORT: is listened on where IMGPROXY_BIND is unset', async () => {
  const url = await serve({ IMGPROXY_BIND: '', PORT: '0' });
  expect((await fetch(`${url}/health`)).status).toBe(200);
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
