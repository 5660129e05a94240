import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

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

/** How each is configured and started: in the foreground, with nothing of it outside `folder`. */
type Balancer = [name: string, config: () => string, command: (folder: string) => string[]];

/** A balancer that serves. */
export interface StartedBalancer {
  url: string;
  process: ChildProcess;
}

export const BALANCERS: Balancer[] = [
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

/** Whether the program of a balancer is there. */
export function isInstalled([, , command]: Balancer): boolean {
  return spawnSync('which', [command('')[0] ?? '']).status === 0;
}

/** Starts a balancer before two instances, given by their URLs, and gives where it listens. */
export async function startBalancer(
  [, config, command]: Balancer,
  instances: readonly string[],
): Promise<StartedBalancer> {
  const folder = mkdtempSync(join(tmpdir(), 'imgpeek-balancer-'));
  const port = await freePort();
  const ports = [port, ...instances.map((url) => Number(new URL(url).port))];
  const withPorts = config().replace(/\b808([012])\b/g, (_, digit) => String(ports[Number(digit)]));
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
