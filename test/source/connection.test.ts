import net from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestError } from '../../src/errors.ts';
import type { Resolve } from '../../src/source/dns/resolved.ts';
import { expectHeld, FIRST, failureOf, open, openers, patterned, until } from './fetching.ts';
import { chunked, Origin, serve, serveWhole } from './origin.ts';

const FILE = patterned(300_000);

let origin: Origin;
const { make, close } = openers();

beforeAll(async () => {
  origin = await Origin.start();
});
beforeEach(() => {
  origin.seen.length = 0;
  origin.connections = 0;
  origin.on('/file', serve(FILE)).on('/gone', () => ({ status: 404, body: Buffer.alloc(20_000) }));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await close();
});
afterAll(() => origin.close());

/** A resolver that has the same answer for each name. */
const resolvingTo =
  (...addresses: string[]): Resolve =>
  async () => ({
    addresses: addresses.map((address) => ({ address, family: net.isIP(address) })),
    ttl: 60,
  });

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a connection', () => {
  it('is used again after a range', async () => {
    const opener = make();
    for (let i = 0; i < 5; i++) {
      const { source } = await open(opener, origin.url('/file'));
      await source.read([{ offset: 100_000, length: 10 }]);
      source.close();
      await nextTurn();
    }
    expect(origin.seen).toHaveLength(10);
    expect(origin.connections).toBe(1);
  });

  it('is used again for the target of a redirect', async () => {
    origin.on('/old', () => ({ status: 302, headers: { Location: '/file' } }));
    await open(make(), origin.url('/old'));
    expect(origin.connections).toBe(1);
  });

  it('is used again after an error and a redirect, whose bodies are read out', async () => {
    origin.on('/old', () => ({
      status: 302,
      headers: { Location: '/file' },
      body: Buffer.alloc(30_000),
    }));
    const opener = make();
    await failureOf(open(opener, origin.url('/gone')));
    await until(() => origin.seen[0]?.sent === 20_000);
    const { source } = await open(opener, origin.url('/old'));
    source.close();
    await open(opener, origin.url('/file'));
    expect(origin.connections).toBeLessThanOrEqual(2);
  });

  it('is used again where little is left of a body', async () => {
    const short = FILE.subarray(0, FIRST + 50_000);
    origin.on('/short', serveWhole(short));
    const opener = make();
    for (let i = 0; i < 3; i++) {
      const { source } = await open(opener, origin.url('/short'));
      source.close();
      await until(() => origin.seen[i]?.sent === short.length);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(origin.connections).toBe(1);
  });

  it('is given up where much is left of a body', async () => {
    const large = Buffer.alloc(50_000_000);
    origin.on('/large', serveWhole(large));
    const { source } = await open(make(), origin.url('/large'));
    source.close();
    await until(() => origin.open === 0);
    expect(origin.seen[0]?.sent).toBeLessThan(large.length);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(origin.connections).toBe(1);
  });

  it('is given up where a body of unknown length does not end soon', async () => {
    const body = chunked(Buffer.alloc(5_000_000));
    origin.on('/long', serveWhole(body, { 'Transfer-Encoding': 'chunked' }));
    const { source } = await open(make(), origin.url('/long'));
    source.close();
    await until(() => origin.open === 0);
  });

  it('is given up where the rest of an answer does not come', async () => {
    const trickle = { bytes: 10, ms: 400 };
    origin.on('/slow-error', () => ({ status: 404, body: Buffer.alloc(100), trickle }));
    await failureOf(open(make(), origin.url('/slow-error')));
    expect(origin.open).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 900));
    await until(() => origin.open === 0);
  });

  it.each([
    ['its head is waited for', { delay: 60_000 }],
    ['its body is read', { trickle: { bytes: 10, ms: 50 } }],
  ])('is not replaced where its request is aborted while %s', async (_, change) => {
    origin.on('/slow', serve(FILE, {}, change));
    const opener = make();
    const leaving = Array.from({ length: 3 }, () => new AbortController());
    const staying = open(opener, origin.url('/slow')).catch(() => {});
    const gone = leaving.map(({ signal }) =>
      failureOf(open(opener, origin.url('/slow'), { signal })),
    );
    await until(() => origin.seen.length === 4);
    // One after the other, as long as somebody waits for the origin.
    for (const controller of leaving) {
      controller.abort();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await Promise.all(gone);
    await until(() => origin.open === 1);
    expect(origin.connections).toBe(4);
    await opener.close();
    await staying;
  });

  it('that an aborted request took with it is replaced for one that waits', async () => {
    origin.on('/slow', () => ({ status: 200, delay: 60_000 }));
    const opener = make();
    const leaving = new AbortController();
    const busy = Array.from({ length: 128 }, (_, i) =>
      failureOf(
        open(opener, origin.url('/slow'), i === 0 ? { signal: leaving.signal } : undefined),
      ),
    );
    await until(() => origin.seen.length === 128);
    const waiting = open(opener, origin.url('/file'));
    leaving.abort();
    expectHeld((await waiting).first, FILE, 0, FIRST);
    await open(opener, origin.url('/file'));
    expect(origin.connections).toBe(129);
    await opener.close();
    await Promise.all(busy);
  });

  it('is not kept where keep-alive is off', async () => {
    const opener = make({ keepAliveTimeout: 0 });
    for (let i = 0; i < 3; i++) (await open(opener, origin.url('/file'))).source.close();
    expect(origin.connections).toBe(3);
    expect(origin.seen[0]?.headers.connection).toBe('close');
  });

  it('is kept no longer than the origin says', async () => {
    origin.on('/hinted', serve(FILE, { 'Keep-Alive': 'timeout=1' }));
    const opener = make();
    for (let i = 0; i < 2; i++) {
      (await open(opener, origin.url('/hinted'))).source.close();
      await nextTurn();
    }
    expect(origin.connections).toBe(2);
  });
});

describe('an origin that is', () => {
  it('not there is unreachable', async () => {
    const closed = await Origin.start();
    const url = closed.url('/file');
    await closed.close();
    const error = await failureOf(open(make(), url));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('not there is unreachable for many at once', async () => {
    const closed = await Origin.start();
    const url = closed.url('/file');
    await closed.close();
    const opener = make({ downloadTimeout: 10_000 });
    const failures = await Promise.all(
      Array.from({ length: 300 }, () => failureOf(open(opener, url))),
    );
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['SOURCE_UNREACHABLE']));
  });

  it('not in the DNS is unreachable', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const error = await failureOf(open(make({ resolve }), 'http://nowhere.example/'));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
    expect(error.message).toContain('ENOTFOUND');
  });

  it('no HTTP server is unreachable', async () => {
    const server = net.createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-x\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const error = await failureOf(open(make(), `http://127.0.0.1:${port}/`));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
    server.close();
  });

  it('given to endless headers is unreachable', async () => {
    origin.on('/headers', () => ({ status: 200, headers: { 'X-Long': 'x'.repeat(100_000) } }));
    const error = await failureOf(open(make(), origin.url('/headers')));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
  });
});

describe('the deadline', () => {
  const SLOW = { code: 'SOURCE_TOO_SLOW', status: 504 };

  it('holds for a head that does not come', async () => {
    origin.on('/slow', () => ({ status: 200, delay: 2_000 }));
    const error = await failureOf(open(make({ downloadTimeout: 100 }), origin.url('/slow')));
    expect(error).toMatchObject(SLOW);
  });

  it('holds for a body that trickles', async () => {
    origin.on('/slow', serve(FILE, {}, { trickle: { bytes: 100, ms: 10 } }));
    const error = await failureOf(open(make({ downloadTimeout: 200 }), origin.url('/slow')));
    expect(error).toMatchObject(SLOW);
    expect(origin.seen[0]?.sent).toBeLessThan(FIRST);
    await until(() => origin.open === 0);
  });

  it('holds for all redirects together', async () => {
    origin.on('/loop', () => ({ status: 302, headers: { Location: '/loop' }, delay: 60 }));
    const error = await failureOf(open(make({ downloadTimeout: 200 }), origin.url('/loop')));
    expect(error).toMatchObject(SLOW);
  });

  it('holds for all reads together', async () => {
    origin.on('/slow', (request) => ({ ...serve(FILE)(request), delay: 80 }));
    const { source } = await open(make({ downloadTimeout: 200 }), origin.url('/slow'));
    const reads = async () => {
      for (let at = 50_000; at < FILE.length; at += 50_000) {
        await source.read([{ offset: at, length: 10 }]);
      }
    };
    expect(await failureOf(reads())).toMatchObject(SLOW);
    source.close();
  });

  it('does not run while nothing is waited for', async () => {
    const { source } = await open(make({ downloadTimeout: 2_000 }), origin.url('/file'));
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expectHeld(await source.read([{ offset: 100_000, length: 10 }]), FILE, 100_000, 10);
  });

  it('holds while all connections to the origin are taken, and costs none of them', async () => {
    origin.on('/slow', (request) => ({ ...serve(FILE)(request), delay: 500 }));
    const opener = make({ downloadTimeout: 5_000 });
    const busy = Array.from({ length: 128 }, () => open(opener, origin.url('/slow')));
    await until(() => origin.connections === 128);
    const hurried = new AbortController();
    const waiting = open(opener, origin.url('/file'), { signal: hurried.signal });
    hurried.abort(new RequestError('TIMEOUT', 'too long'));
    expect(await failureOf(waiting)).toMatchObject({ code: 'TIMEOUT', status: 503 });
    await Promise.all(busy);
    await open(opener, origin.url('/file'));
    expect(origin.connections).toBe(128);
  });

  it('of one origin concerns no other', async () => {
    const other = await Origin.start();
    other.on('/file', serve(FILE));
    origin.on('/slow', () => ({ status: 200, delay: 60_000 }));
    const opener = make({ downloadTimeout: 3_000 });
    const stuck = Array.from({ length: 200 }, () => failureOf(open(opener, origin.url('/slow'))));
    let over = 0;
    for (const one of stuck) one.then(() => over++);
    const { first } = await open(opener, other.url('/file'));
    expectHeld(first, FILE, 0, FIRST);
    expect(over).toBe(0);
    await Promise.all(stuck);
    await other.close();
  });
});

describe('a signal', () => {
  it.each([
    ['before', 0],
    ['during', 50],
  ])('aborts a fetch %s its start with its own reason', async (_, after) => {
    origin.on('/slow', () => ({ status: 200, delay: 1_000 }));
    const controller = new AbortController();
    const reason = new RequestError('TIMEOUT', 'the whole took too long');
    if (after === 0) controller.abort(reason);
    else setTimeout(() => controller.abort(reason), after);
    const opening = open(make(), origin.url('/slow'), { signal: controller.signal });
    expect(await failureOf(opening)).toBe(reason);
    await until(() => origin.open === 0);
  });

  it('aborts a read', async () => {
    const controller = new AbortController();
    const { source } = await open(make(), origin.url('/file'), { signal: controller.signal });
    origin.on('/file', serve(FILE, {}, { trickle: { bytes: 10, ms: 50 } }));
    const reading = failureOf(source.read([{ offset: 100_000, length: 10_000 }]));
    setTimeout(() => controller.abort(), 50);
    expect(await reading).toMatchObject({ code: 'CLIENT_GONE', status: 499 });
    source.close();
  });

  it('that timed out is a timeout', async () => {
    origin.on('/slow', () => ({ status: 200, delay: 1_000 }));
    const opening = open(make(), origin.url('/slow'), { signal: AbortSignal.timeout(50) });
    expect(await failureOf(opening)).toMatchObject({ code: 'TIMEOUT', status: 503 });
  });

  it('is let go of with the source', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const { source } = await open(make(), origin.url('/file'), { signal });
    source.close();
    source.close();
    await failureOf(open(make(), origin.url('/gone'), { signal }));
    expect(added).toHaveBeenCalledTimes(2);
    for (const [, listener] of added.mock.calls) {
      expect(removed.mock.calls.some(([, other]) => other === listener)).toBe(true);
    }
  });
});

describe('closing a source', () => {
  it.each([
    ['with ranges', serve(FILE, {}, { trickle: { bytes: 4_000, ms: 20 } })],
    ['without ranges', serveWhole(FILE, {}, { trickle: { bytes: 4_000, ms: 20 } })],
  ])('%s ends its read', async (_, behaviour) => {
    origin.on('/slow', behaviour);
    const { source } = await open(make(), origin.url('/slow'));
    const reading = failureOf(source.read([{ offset: 150_000, length: 150_000 }]));
    setTimeout(() => source.close(), 50);
    expect(await reading).toMatchObject({ code: 'CLIENT_GONE', status: 499 });
    const late = failureOf(source.read([{ offset: 250_000, length: 10 }]));
    expect(await late).toMatchObject({ code: 'CLIENT_GONE', status: 499 });
    await until(() => origin.open === 0);
  });
});

describe('the guard of addresses', () => {
  const refused = { code: 'INVALID_SOURCE_URL', status: 404 };

  it.each([
    '127.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
    '2130706433',
    'localhost',
  ])('refuses %s', async (host) => {
    const opener = make({ allowLoopbackAddresses: false });
    const error = await failureOf(open(opener, origin.url('/file', host)));
    expect(error).toMatchObject(refused);
    expect(error.message).toContain('loopback');
    expect(origin.connections).toBe(0);
  });

  it('judges what a name resolves to', async () => {
    const resolve = resolvingTo('169.254.169.254');
    const error = await failureOf(open(make({ resolve }), 'http://metadata.example/'));
    expect(error).toMatchObject(refused);
    expect(error.message).toContain('link-local');
  });

  it('connects to the allowed ones of several addresses', async () => {
    const resolve = resolvingTo('169.254.169.254', '::ffff:10.0.0.1', '127.0.0.1');
    const opener = make({ resolve, allowPrivateAddresses: false });
    const { first } = await open(opener, origin.url('/file', 'mixed.example'));
    expectHeld(first, FILE, 0, FIRST);
  });

  it('asks the resolver once for many connections', async () => {
    const resolve = vi.fn(resolvingTo('127.0.0.1'));
    const opener = make({ resolve });
    const url = origin.url('/file', 'many.example');
    await Promise.all(Array.from({ length: 20 }, () => open(opener, url)));
    expect(origin.connections).toBeGreaterThan(1);
    expect(resolve).toHaveBeenCalledTimes(1);
  });

  it('asks the resolver again after a failure', async () => {
    let times = 0;
    const resolve: Resolve = async (hostname) => {
      if (times++ === 0) throw Object.assign(new Error('later'), { code: 'EAI_AGAIN' });
      return resolvingTo('127.0.0.1')(hostname);
    };
    const opener = make({ resolve });
    const url = origin.url('/file', 'flaky.example');
    expect(await failureOf(open(opener, url))).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    const { first } = await open(opener, url);
    expectHeld(first, FILE, 0, FIRST);
  });

  it('asks the resolver again where the host is no longer where it was', async () => {
    // Nobody listens on the first, and the TTL is a minute.
    const places = ['127.9.9.9', '127.0.0.1'];
    const resolve = vi.fn<Resolve>((hostname) => resolvingTo(places.shift() as string)(hostname));
    const opener = make({ resolve });
    const url = origin.url('/file', 'moved.example');
    expect(await failureOf(open(opener, url))).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    await new Promise((later) => setTimeout(later, 1_050));
    expect(await failureOf(open(opener, url))).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    const { first } = await open(opener, url);
    expectHeld(first, FILE, 0, FIRST);
    expect(resolve).toHaveBeenCalledTimes(2);
  });

  it('gives a slow address more than the 250 ms of Node', async () => {
    const connect = vi.spyOn(net, 'connect');
    await open(make(), origin.url('/file', 'localhost'));
    expect(connect.mock.calls[0]?.[0]).toMatchObject({
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: 1_000,
    });
  });

  it('tries the next address where one refuses', async () => {
    const resolve = resolvingTo('::1', '127.0.0.1');
    const { first } = await open(make({ resolve }), origin.url('/file', 'dual.example'));
    expectHeld(first, FILE, 0, FIRST);
  });
});

describe('TLS', () => {
  let secure: Origin;
  beforeAll(async () => {
    secure = await Origin.start('https');
    secure.on('/file', serve(FILE));
  });
  afterAll(() => secure.close());

  it('without a trusted certificate is unreachable', async () => {
    const error = await failureOf(open(make(), secure.url('/file', 'localhost')));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
    expect(error.message).toContain('SELF_SIGNED');
    expect(secure.seen).toEqual([]);
  });

  it('is not verified where the operator says so', async () => {
    const opener = make({ ignoreSslVerification: true });
    const { source, first } = await open(opener, secure.url('/file', 'localhost'));
    expectHeld(first, FILE, 0, FIRST);
    expectHeld(await source.read([{ offset: 100_000, length: 9 }]), FILE, 100_000, 9);
    expect(secure.connections).toBeGreaterThan(0);
  });
});
