import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Origin } from '../source/origin.ts';
import { type Running, startServer } from './running.ts';

let folder: string;
let server: Running | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'imgpeek-'));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

async function serve(env: Record<string, string>): Promise<Running> {
  server = await startServer(env);
  return server;
}

/** Runs the command line to its end. */
function run(args: string[], env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/main.js', ...args], {
    env: { PATH: process.env.PATH, LD_PRELOAD: process.env.LD_PRELOAD, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('IMGPROXY_ENV_LOCAL_FILE_PATH', () => {
  it('names a file of variables, which count before those of the environment', async () => {
    const file = join(folder, 'variables');
    writeFileSync(file, 'IMGPROXY_SERVER_NAME=file\nIMGPROXY_HEALTH_CHECK_MESSAGE="$GREETING!"\n');
    const env = { IMGPROXY_SERVER_NAME: 'environment', GREETING: 'hello' };
    const healthOf = async ({ url }: Running) => {
      const response = await fetch(`${url}/health`);
      return [response.headers.get('server'), await response.text()];
    };
    const without = await serve(env);
    expect(await healthOf(without)).toEqual(['environment', 'imgpeek is running']);
    await without.stop();
    const running = await serve({ ...env, IMGPROXY_ENV_LOCAL_FILE_PATH: file });
    expect(await healthOf(running)).toEqual(['file', 'hello!']);
  });

  it('fails the start where the file is not there', () => {
    const path = join(folder, 'nowhere');
    const { status, stderr } = run(['serve'], { IMGPROXY_ENV_LOCAL_FILE_PATH: path });
    expect(status).toBe(1);
    expect(stderr).toContain('IMGPROXY_ENV_LOCAL_FILE_PATH names a file that cannot be read');
  });
});

describe('IMGPROXY_FAIL_ON_DEPRECATION', () => {
  // The name of before of IMGPROXY_TIMEOUT.
  const old = { IMGPROXY_WRITE_TIMEOUT: '0.2' };
  const word = 'IMGPROXY_WRITE_TIMEOUT is deprecated, use IMGPROXY_TIMEOUT instead';

  it('fails the start where a variable has a name of before', () => {
    const { status, stderr } = run(['serve'], { ...old, IMGPROXY_FAIL_ON_DEPRECATION: 'true' });
    expect(status).toBe(1);
    expect(stderr).toContain(word);
  });

  it('has it act otherwise, and warns', async () => {
    const origin = await Origin.start();
    origin.on('*', () => ({ status: 404, delay: 60_000 }));
    const running = await serve({ ...old, IMGPROXY_FAIL_ON_DEPRECATION: 'false' });
    const { status } = await fetch(`${running.url}/info/_/plain/${origin.url('/a')}`);
    expect(status).toBe(503);
    expect(running.output()).toContain(word);
    await origin.close();
  });
});

it('IMGPROXY_LICENSE_KEY: is taken without a word', async () => {
  const running = await serve({ IMGPROXY_LICENSE_KEY: 'a-licence', IMGPROXY_LOG_LEVEL: 'debug' });
  expect((await fetch(`${running.url}/health`)).status).toBe(200);
  expect(running.output()).toContain('listening');
  expect(running.output()).not.toMatch(/LICENSE|a-licence/);
});

it.each([
  'IMGPROXY_USE_S3',
  'IMGPROXY_USE_GCS',
  'IMGPROXY_USE_ABS',
  'IMGPROXY_USE_SWIFT',
])('%s: fails the start while there is no such source, and says so', (name) => {
  const { status, stderr } = run(['serve'], { [name]: 'true', IMGPROXY_BIND: '127.0.0.1:0' });
  expect(status).toBe(1);
  expect(stderr).toContain(`${name} is not supported yet: unset it to start without it`);
});

it('IMGPEEK_ADDON: is loaded in place of the addon that was built', () => {
  const args = ['info', 'docs/samples/photo.jpg', '--json'];
  expect(run(args, { IMGPEEK_ADDON: resolve('build/Release/imgpeek.node') })).toMatchObject({
    status: 0,
  });
  const path = join(folder, 'none.node');
  const { status, stderr } = run(args, { IMGPEEK_ADDON: path });
  expect(status).not.toBe(0);
  expect(stderr).toContain(path);
});
