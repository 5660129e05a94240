import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ADDRESSES, WAYS } from './forbidden/ways.mjs';

/** What one question came to, and whether the canary behind the address was connected to. */
interface Outcome {
  status: number;
  body: string;
  touched: boolean;
}

interface Tried {
  name: string;
  reaches: boolean;
  direct: Outcome;
  redirected: Outcome;
  allowed?: Outcome;
  allowedRedirected?: Outcome;
}

interface Report {
  control: Outcome;
  ways: Tried[];
  changing: Outcome[];
}

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

// A network of the test's own, in which the loopback interface has the addresses of all classes, and
// names are resolved by the test's own server. Nothing that it does can leave the machine.
const ENTER = [
  'ip link set lo up',
  ...ADDRESSES.map((address) => `ip addr add ${address} dev lo nodad`),
  'mount --bind "$1" /etc/resolv.conf',
  'exec "$2" "$3" "$4"',
].join(' && ');

const unshare = [
  '--map-root-user',
  '--net',
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
  'sh',
  '-c',
];
const possible = spawnSync('unshare', [...unshare, 'ip link set lo up']).status === 0;
if (!possible)
  console.warn('skipped: a network of its own needs unshare and ip, and the right to use them');

function tryAll(): Report {
  const resolv = join(mkdtempSync(join(tmpdir(), 'imgpeek-')), 'resolv.conf');
  writeFileSync(resolv, 'nameserver 127.0.0.1\n');
  const args = [
    resolv,
    process.execPath,
    path('./forbidden/inside.mjs'),
    path('../../dist/main.js'),
  ];
  const run = spawnSync('unshare', [...unshare, ENTER, 'sh', ...args], {
    encoding: 'utf8',
    timeout: 100_000,
  });
  if (run.status !== 0) throw new Error(`${run.status} ${run.error ?? ''} ${run.stderr}`);
  return JSON.parse(run.stdout) as Report;
}

describe.skipIf(!possible)('a source whose address is forbidden', () => {
  const refused = { status: 404, body: 'Invalid source URL', touched: false };
  let report: Report;
  const tried = (name: string) => report.ways.find((way) => way.name === name) as Tried;

  test('is none where the address is public', { timeout: 120_000 }, () => {
    report = tryAll();
    expect(report.control).toMatchObject({ status: 200, touched: false });
  });

  test.each(WAYS.map(({ name }) => name))('is refused by %s', (name) => {
    expect(tried(name).direct).toEqual(refused);
  });

  test.each(
    WAYS.filter(({ url }) => !url.includes('\n')).map(({ name }) => name),
  )('is refused after a redirect by %s', (name) => {
    expect(tried(name).redirected).toEqual(refused);
  });

  test.each(
    WAYS.filter(({ reaches }) => reaches).map(({ name }) => name),
  )('is reached by %s where its class is allowed', (name) => {
    const { allowed, allowedRedirected } = tried(name);
    expect(allowed).toMatchObject({ status: 200, touched: true });
    expect(allowedRedirected).toMatchObject({ status: 200, touched: true });
  });

  test('is never connected to by a name whose address changes', () => {
    expect(report.changing.some(({ touched }) => touched)).toBe(false);
    const statuses = new Set(report.changing.map(({ status }) => status));
    expect([...statuses].every((status) => status === 200 || status === 404)).toBe(true);
  });
});
