import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Running, startServer } from './running.ts';

// Behind real load balancers, with the files of deploy/ but for the ports.

const KEY = '736563726574';
const SALT = '68656C6C6F';

/** A path of nginx' own: what it passes on by default is HTTP/1.0. */
const BARE_NGINX = `
events {}
http {
  access_log off;
  server {
    listen 127.0.0.1:8080;
    location / { proxy_pass http://127.0.0.1:8081; }
  }
}`;

const fromDeploy = (name: string) =>
  readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');

const startNginx = (folder: string) => [
  'nginx',
  '-p',
  folder,
  '-c',
  'config',
  '-e',
  'stderr',
  '-g',
  `daemon off; pid ${folder}/pid;`,
];

/** How each is started: in the foreground, with nothing of it outside `folder`. */
const BALANCERS: [name: string, config: () => string, command: (folder: string) => string[]][] = [
  ['nginx', () => fromDeploy('nginx.conf'), startNginx],
  ['nginx with a bare proxy_pass', () => BARE_NGINX, startNginx],
  [
    'haproxy',
    () => fromDeploy('haproxy.cfg'),
    (folder) => ['haproxy', '-db', '-f', `${folder}/config`],
  ],
  [
    'haproxy with a plain option httpchk',
    () => fromDeploy('haproxy.cfg').replace('option httpchk GET /health', 'option httpchk'),
    (folder) => ['haproxy', '-db', '-f', `${folder}/config`],
  ],
  [
    'caddy',
    () => fromDeploy('Caddyfile'),
    (folder) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', `${folder}/config`],
  ],
];

const isInstalled = (program: string) => spawnSync('which', [program]).status === 0;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let instances: Running[];

beforeAll(async () => {
  const env = {
    IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples',
    IMGPROXY_KEY: KEY,
    IMGPROXY_SALT: SALT,
  };
  instances = await Promise.all([startServer(env), startServer(env)]);
}, 30_000);
afterAll(() => Promise.all(instances.map((instance) => instance.stop())));

/** Starts a balancer before the two instances, and gives where it listens. */
async function startBalancer(config: string, command: (folder: string) => string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'imgpeek-balancer-'));
  const port = await freePort();
  const ports = [port, ...instances.map(({ url }) => Number(new URL(url).port))];
  const withPorts = config.replace(/\b808([012])\b/g, (_, digit) => String(ports[Number(digit)]));
  writeFileSync(join(folder, 'config'), withPorts);
  const [program = '', ...args] = command(folder);
  const process_ = spawn(program, args, { stdio: 'ignore', env: { ...process.env, HOME: folder } });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const status = await fetch(`${url}/health`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return { url, process: process_ };
    if (tries > 100 || process_.exitCode !== null) throw new Error(`${program} does not serve`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function sign(path: string): string {
  const hmac = createHmac('sha256', Buffer.from(KEY, 'hex')).update(Buffer.from(SALT, 'hex'));
  return `/info/${hmac.update(path).digest('base64url')}${path}`;
}

describe.each(BALANCERS)('behind %s', (_, config, command) => {
  const [program = ''] = command('');
  if (!isInstalled(program)) {
    test.skip(`(${program} is not installed)`, () => {});
    return;
  }
  let balancer: { url: string; process: ChildProcess };

  beforeAll(async () => {
    balancer = await startBalancer(config(), command);
  }, 30_000);
  afterAll(() => {
    balancer.process.kill('SIGTERM');
  });

  const ask = (path: string, init?: RequestInit) => fetch(balancer.url + path, init);

  test.each([
    ['a plain source', sign('/plain/local:///photo.jpg')],
    ['options', sign('/exif:1:1/xmp:0/plain/local:///photo.jpg')],
    ['a Base64 source', sign(`/${Buffer.from('local:///photo.jpg').toString('base64url')}`)],
    ['percent signs', sign('/plain/local:%2f%2f%2fphoto.jpg')],
    [
      'a colon as %3A',
      sign('/exif:1:1/plain/local:///photo.jpg').replace('exif:1:1', 'exif%3A1%3A1'),
    ],
  ])('%s is answered', async (_name, path) => {
    const response = await ask(path);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ format: 'jpeg', width: 800, orientation: 6 });
  });

  test('errors and HEAD come through as they are', async () => {
    expect((await ask('/info/wrong/plain/local:///photo.jpg')).status).toBe(403);
    expect((await ask('/nothing')).status).toBe(404);
    const head = await ask(sign('/plain/local:///photo.jpg'), { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(1000);
  });

  test('many requests at once are answered, each', { timeout: 60_000 }, async () => {
    const path = sign('/plain/local:///photo.jpg');
    const statuses = new Map<number, number>();
    const work = async () => {
      for (let i = 0; i < 50; i++) {
        const response = await ask(path);
        await response.arrayBuffer();
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 20 }, work));
    expect([...statuses]).toEqual([[200, 1000]]);
  });
});
