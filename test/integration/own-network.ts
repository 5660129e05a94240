import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a network of a test's own is made of. */
export interface Network {
  /** Addresses of the loopback interface beside 127.0.0.1, with their prefix lengths. */
  addresses?: readonly string[];
  /** Lines of the resolv.conf behind the name server, which is 127.0.0.1. */
  resolvConf?: string;
}

const UNSHARE = [
  '--map-root-user',
  '--net',
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
  'sh',
  '-c',
];

/** Whether this machine lets a test have a network of its own. */
export const possible = spawnSync('unshare', [...UNSHARE, 'ip link set lo up']).status === 0;
if (!possible)
  console.warn('skipped: a network of its own needs unshare and ip, and the right to use them');

/**
 * Runs a script, which is given the path of the server's main.js, in a network of its own: names are
 * resolved by what listens on port 53 of 127.0.0.1, and nothing that it does can leave the machine.
 *
 * @returns What the script printed as JSON.
 */
export function runInside(script: string, { addresses = [], resolvConf = '' }: Network): unknown {
  const resolv = join(mkdtempSync(join(tmpdir(), 'imgpeek-')), 'resolv.conf');
  writeFileSync(resolv, `nameserver 127.0.0.1\n${resolvConf}`);
  const enter = [
    'ip link set lo up',
    ...addresses.map((address) => `ip addr add ${address} dev lo nodad`),
    'mount --bind "$1" /etc/resolv.conf',
    'exec "$2" "$3" "$4"',
  ].join(' && ');
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const args = ['sh', resolv, process.execPath, script, main];
  const run = spawnSync('unshare', [...UNSHARE, enter, ...args], {
    encoding: 'utf8',
    timeout: 100_000,
  });
  if (run.status !== 0) throw new Error(`${run.status} ${run.error ?? ''} ${run.stderr}`);
  return JSON.parse(run.stdout);
}
