import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createResolver } from '../../../src/source/dns/resolve.ts';
import type { Resolve, Resolver } from '../../../src/source/dns/resolved.ts';
import type { AskSystem } from '../../../src/source/dns/system.ts';
import { type NameEntry, type NameServer, startNameServer } from './name-server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'imgpeek-dns-'));
const hostsFile = join(folder, 'hosts');
const resolvConf = join(folder, 'resolv.conf');

let server: NameServer;
let resolver: Resolver;
let askSystem: ReturnType<typeof vi.fn<AskSystem>>;
afterEach(() => server.close());

/** Starts a name server that knows `names`, and a resolver that asks it. */
async function start(
  names: Record<string, NameEntry>,
  { hosts = '', conf = '' } = {},
): Promise<Resolve> {
  server = await startNameServer(names, 0);
  writeFileSync(hostsFile, hosts);
  writeFileSync(resolvConf, conf);
  askSystem = vi.fn<AskSystem>(async (name) => {
    if (name.startsWith('printer')) return [{ address: '10.0.0.9', family: 4 }];
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  });
  const servers = [`127.0.0.1:${server.port}`];
  resolver = createResolver({ hostsFile, resolvConf, servers, askSystem });
  return resolver.resolve;
}

const addressesOf = async (resolve: Resolve, name: string) =>
  (await resolve(name)).addresses.map(({ address }) => address);

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    ({ code }) => code,
  );

describe('a name', () => {
  it('has the addresses of both families and the least TTL', async () => {
    const resolve = await start({
      'both.test': { steps: [['192.0.2.1', '192.0.2.2', '::ffff:192.0.2.3']], ttl: 33 },
    });
    const { addresses, ttl } = await resolve('Both.test');
    expect(ttl).toBe(33);
    expect(new Set(addresses)).toEqual(
      new Set([
        { address: '192.0.2.1', family: 4 },
        { address: '192.0.2.2', family: 4 },
        { address: '::ffff:192.0.2.3', family: 6 },
      ]),
    );
    expect(server.asked.sort()).toEqual(['A both.test', 'AAAA both.test']);
    expect(askSystem).not.toHaveBeenCalled();
  });

  it.each([
    'A',
    'AAAA',
  ] as const)('does not wait for %s from a server that gives none', async (type) => {
    const steps = [['192.0.2.1', '::ffff:192.0.2.3']];
    const resolve = await start({ 'half.test': { steps, silent: [type] } });
    expect(await addressesOf(resolve, 'half.test')).toEqual([
      type === 'AAAA' ? '192.0.2.1' : '::ffff:192.0.2.3',
    ]);
  });

  it('has 16 addresses of a family at most', async () => {
    const many = Array.from({ length: 40 }, (_, i) => [`192.0.2.${i}`, `::ffff:192.0.2.${i}`]);
    const resolve = await start({ 'many.test': { steps: [many.flat()] } });
    const { addresses } = await resolve('many.test');
    expect(addresses.map(({ family }) => family).sort()).toEqual([
      ...Array(16).fill(4),
      ...Array(16).fill(6),
    ]);
  });

  it('in the hosts file is asked of nobody', async () => {
    const hosts =
      '# 192.0.2.9 cdn.test\n192.0.2.1\tCdn.test cdn # ours\n::1 cdn.test\nnonsense x\n';
    const resolve = await start({ 'cdn.test': { steps: [['192.0.2.7']] } }, { hosts });
    expect(await addressesOf(resolve, 'cdn.test')).toEqual(['192.0.2.1', '::1']);
    expect(await addressesOf(resolve, 'CDN')).toEqual(['192.0.2.1']);
    expect(await addressesOf(resolve, 'cdn.test.')).toEqual(['192.0.2.1', '::1']);
    expect(server.asked).toEqual([]);
    expect(askSystem).not.toHaveBeenCalled();
  });

  it('that comes into the hosts file is found there', async () => {
    const resolve = await start({ 'moving.test': { steps: [['192.0.2.7']] } });
    expect(await addressesOf(resolve, 'moving.test')).toEqual(['192.0.2.7']);
    writeFileSync(hostsFile, '192.0.2.8 moving.test\n');
    await vi.waitFor(
      async () => expect(await addressesOf(resolve, 'moving.test')).toEqual(['192.0.2.8']),
      { timeout: 10_000, interval: 200 },
    );
  });

  it('that no server knows is asked of the system', async () => {
    const resolve = await start({});
    expect(await addressesOf(resolve, 'printer.local')).toEqual(['10.0.0.9']);
    expect(await codeOf(resolve('nowhere.test'))).toBe('ENOTFOUND');
    expect(askSystem.mock.calls).toEqual([['printer.local'], ['nowhere.test']]);
  });

  it('without a record of its type is asked of the system', async () => {
    const resolve = await start({ 'printer.test': { steps: [[]] } });
    expect(await addressesOf(resolve, 'printer.test')).toEqual(['10.0.0.9']);
  });

  it('that no server answers for is not asked of the system', { timeout: 20_000 }, async () => {
    const resolve = await start({ 'silent.test': { silent: ['A', 'AAAA'] } });
    expect(await codeOf(resolve('silent.test'))).toBe('ETIMEOUT');
    expect(askSystem).not.toHaveBeenCalled();
  });

  it('that is waited for is given up with the resolver', async () => {
    const resolve = await start({ 'silent.test': { silent: ['A', 'AAAA'] } });
    const failing = codeOf(resolve('silent.test'));
    await vi.waitFor(() => expect(server.asked).toHaveLength(2), { timeout: 10_000 });
    resolver.close();
    expect(await failing).toBe('ECANCELLED');
    expect(server.asked).toHaveLength(2);
    expect(askSystem).not.toHaveBeenCalled();
  });

  it('that a server fails on is not asked of the system', async () => {
    const resolve = await start({ 'failing.test': { rcode: 2 } });
    expect(await codeOf(resolve('failing.test'))).toBe('ESERVFAIL');
    expect(askSystem).not.toHaveBeenCalled();
  });

  it('that a server refuses is asked of the system', async () => {
    const resolve = await start({ 'printer.test': { rcode: 5 } });
    expect(await addressesOf(resolve, 'printer.test')).toEqual(['10.0.0.9']);
  });

  it('of this host is a loopback address, and asked of nobody', async () => {
    const resolve = await start({ 'x.localhost': { steps: [['192.0.2.1']] } });
    for (const name of ['localhost', 'localhost.', 'x.LocalHost']) {
      expect(await addressesOf(resolve, name)).toEqual(['127.0.0.1', '::1']);
    }
    expect(server.asked).toEqual([]);
    expect(askSystem).not.toHaveBeenCalled();
  });

  it('of this host is what the hosts file says', async () => {
    const resolve = await start({}, { hosts: '127.0.0.9 localhost\n' });
    expect(await addressesOf(resolve, 'localhost')).toEqual(['127.0.0.9']);
  });
});

describe('the search list', () => {
  const CLUSTER = 'search a.cluster.test b.cluster.test\noptions timeout:1 ndots:2\n';
  const names = {
    'minio.b.cluster.test': { steps: [['192.0.2.1']] },
    'api.dev.a.cluster.test': { steps: [['192.0.2.2']] },
    'api.dev': { steps: [['192.0.2.3']] },
    'www.example.test': { steps: [['192.0.2.4']] },
  };
  const questions = () => server.asked.filter((question) => question.startsWith('A '));

  it('completes a name of one label', async () => {
    const resolve = await start(names, { conf: CLUSTER });
    expect(await addressesOf(resolve, 'minio')).toEqual(['192.0.2.1']);
    expect(questions()).toEqual(['A minio.a.cluster.test', 'A minio.b.cluster.test']);
  });

  it('comes before the name itself where that has few dots', async () => {
    const resolve = await start(names, { conf: CLUSTER });
    expect(await addressesOf(resolve, 'api.dev')).toEqual(['192.0.2.2']);
  });

  it('comes after a name that has enough dots', async () => {
    const resolve = await start(names, { conf: CLUSTER });
    expect(await addressesOf(resolve, 'www.example.test')).toEqual(['192.0.2.4']);
    expect(questions()).toEqual(['A www.example.test']);
  });

  it('does not bear on a name that ends in a dot', async () => {
    const resolve = await start(names, { conf: CLUSTER });
    expect(await addressesOf(resolve, 'api.dev.')).toEqual(['192.0.2.3']);
  });

  it('may be one domain', async () => {
    const resolve = await start(names, { conf: 'domain b.cluster.test\n' });
    expect(await addressesOf(resolve, 'minio')).toEqual(['192.0.2.1']);
  });

  it('is not there without a resolv.conf, and a single label is asked for as it is', async () => {
    const resolve = await start({ origin: { steps: [['192.0.2.5']] } });
    expect(await addressesOf(resolve, 'origin')).toEqual(['192.0.2.5']);
  });
});

it('the system is asked where there is no name server', async () => {
  const resolve = await start({});
  const gone = await startNameServer({}, 0);
  gone.close();
  const alone = createResolver({
    hostsFile,
    resolvConf,
    servers: [`127.0.0.1:${gone.port}`],
    askSystem,
  });
  expect(await addressesOf(alone.resolve, 'printer')).toEqual(['10.0.0.9']);
  expect(await codeOf(resolve('nowhere.test'))).toBe('ENOTFOUND');
});
