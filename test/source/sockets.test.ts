import { readdirSync } from 'node:fs';
import net from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Connected, Sockets } from '../../src/source/sockets.ts';
import { expectHeld, FIRST, failureOf, open, openers, patterned, until } from './fetching.ts';
import { Origin, serve } from './origin.ts';

const FILE = patterned(20_000);

/** Idle sockets that are kept without limits of a test's own. */
const MAX_IDLE = 512;

let origin: Origin;
const { make, close } = openers();

beforeAll(async () => {
  origin = await Origin.start('http', '0.0.0.0');
});
beforeEach(() => {
  origin.connections = 0;
  origin.seen.length = 0;
  origin.on('/file', serve(FILE)).on('/slow', () => ({ status: 200, delay: 60_000 }));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await close();
});
afterAll(() => origin.close());

/** One of 65,536 hosts, each of which is an origin of its own. */
const url = (host: number, path = '/file') => origin.url(path, `127.1.${host >> 8}.${host & 255}`);

const openFile = async (opener: ReturnType<typeof make>, host: number) => {
  const { source, first } = await open(opener, url(host));
  expectHeld(first, FILE, 0, FIRST);
  source.close();
};

/** Numbers in [0, 1) that are the same in each run (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const sockets = () => readdirSync('/proc/self/fd').length;

it('thousands that wait in vain are told so in a row', () => {
  const limited = new Sockets({ max: 1, maxIdle: 1 });
  const first = new net.Socket();
  const wish = (connect: (connected: Connected) => void) => ({
    origin: 'http://example.test',
    connect,
    isIdle: () => false,
  });
  limited.want('http://example.test');
  limited.connect(
    wish((connected) => connected(null, first)),
    () => {},
  );
  let told = 0;
  for (let i = 0; i < 20_000; i++) {
    limited.connect(
      wish((connected) => connected(new Error('in vain'), null)),
      () => told++,
    );
  }
  expect(told).toBe(0);
  first.emit('close');
  expect(told).toBe(20_000);
});

describe('sockets', () => {
  it('of many origins do not stay open', async () => {
    const before = sockets();
    const opener = make();
    const hosts = MAX_IDLE + 300;
    for (let host = 0; host < hosts; host++) await openFile(opener, host);
    await until(() => origin.open <= MAX_IDLE);
    expect(origin.connections).toBe(hosts);
    // The origin is in this process too, so that each connection has two.
    expect(sockets() - before).toBeLessThanOrEqual(2 * MAX_IDLE + 10);
  });

  it('of the origin that nobody waited for the longest are closed first', async () => {
    const opener = make({ socketLimits: { max: 100, maxIdle: 3 } });
    for (const host of [1, 2, 3, 1, 4]) await openFile(opener, host);
    await until(() => origin.open === 3);
    expect(origin.connections).toBe(4);
    for (const host of [3, 1, 4]) await openFile(opener, host);
    expect(origin.connections).toBe(4);
    await openFile(opener, 2);
    expect(origin.connections).toBe(5);
  });

  it('that are idle make room for an origin that is asked', async () => {
    const opener = make({ socketLimits: { max: 3, maxIdle: 100 } });
    for (let host = 0; host < 20; host++) {
      await openFile(opener, host);
      expect(origin.open).toBeLessThanOrEqual(3);
    }
  });

  it('are never more than the limit, and whoever waits for one gets it', async () => {
    const opener = make({ socketLimits: { max: 5, maxIdle: 2 } });
    const connect = vi.spyOn(net, 'connect');
    origin.on('/file', (request) => ({ ...serve(FILE)(request), delay: 5 }));
    let most = 0;
    const count = setInterval(() => {
      const made = connect.mock.results.map(({ value }) => value as net.Socket);
      most = Math.max(most, made.filter(({ closed }) => !closed).length);
    }, 1);
    await Promise.all(Array.from({ length: 100 }, (_, i) => openFile(opener, i % 40)));
    clearInterval(count);
    expect(most).toBe(5);
  });

  it('that were waited for in vain are not made', async () => {
    const opener = make({ socketLimits: { max: 2, maxIdle: 2 } });
    const ask = (host: number, signal: AbortSignal) =>
      failureOf(open(opener, url(host, '/slow'), { signal }));
    const [slow, waiting] = [new AbortController(), new AbortController()];
    const stuck = [ask(1, slow.signal), ask(2, slow.signal)];
    await until(() => origin.seen.length === 2);
    stuck.push(ask(3, waiting.signal), ask(4, waiting.signal));
    await new Promise((resolve) => setTimeout(resolve, 50));
    waiting.abort();
    await new Promise((resolve) => setImmediate(resolve));
    slow.abort();
    await Promise.all(stuck);
    await openFile(opener, 5);
    expect(origin.connections).toBe(3);
  });

  it('end within the limits whatever befalls them', async () => {
    const opener = make({ socketLimits: { max: 4, maxIdle: 2 }, downloadTimeout: 10_000 });
    const random = seeded(7);
    origin.on('/file', (request) => {
      const fate = random();
      if (fate < 0.1) return { status: 200, breakAfter: -1 };
      if (fate < 0.2) return { ...serve(FILE, { Connection: 'close' })(request) };
      return { ...serve(FILE)(request), delay: Math.floor(random() * 10) };
    });
    const ask = async () => {
      const controller = new AbortController();
      const opening = open(opener, url(Math.floor(random() * 12)), { signal: controller.signal });
      if (random() < 0.3) setTimeout(() => controller.abort(), random() * 20);
      await opening.then(
        ({ source }) => source.close(),
        (error) => expect(['CLIENT_GONE', 'SOURCE_UNREACHABLE']).toContain(error.code),
      );
    };
    for (let burst = 0; burst < 20; burst++) {
      await Promise.all(Array.from({ length: 30 }, ask));
    }
    await until(() => origin.open <= 2);
    origin.on('/file', serve(FILE));
    await Promise.all(Array.from({ length: 20 }, (_, host) => openFile(opener, host)));
  });

  it('that could not be made leave room', async () => {
    const closed = await Origin.start('http', '0.0.0.0');
    const { port } = closed;
    await closed.close();
    const opener = make({ socketLimits: { max: 2, maxIdle: 2 } });
    for (let host = 0; host < 10; host++) {
      const error = await failureOf(open(opener, `http://127.1.0.${host}:${port}/`));
      expect(error.code).toBe('SOURCE_UNREACHABLE');
    }
    await openFile(opener, 1);
  });

  it('to one slow origin leave those of the others alone', async () => {
    const opener = make({ downloadTimeout: 2_000 });
    const stuck = Array.from({ length: 500 }, () => failureOf(open(opener, url(0, '/slow'))));
    let over = 0;
    for (const one of stuck) one.then(() => over++);
    for (let host = 1; host < 50; host++) await openFile(opener, host);
    expect(over).toBe(0);
    expect(origin.seen.filter(({ target }) => target === '/slow')).toHaveLength(128);
    await Promise.all(stuck);
  });
});
