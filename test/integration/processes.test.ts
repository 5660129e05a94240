import { readFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeGreyJpeg } from '../native/pixels/pictures.ts';
import { Origin } from '../source/origin.ts';
import {
  buildFaultyLibexif,
  buildFaultyLibjpeg,
  CRASHES,
  HANGS,
  jpegWithExif,
  tiffWithExif,
} from './processes/faulty.ts';
import { type Running, startServer } from './running.ts';

// The whole from outside: a supervisor and its serving processes.

/** Long enough for a busy machine; nothing waits so long where all is well. */
const PATIENCE = { timeout: 20_000, interval: 20 };

let server: Running | undefined;
let origin: Origin | undefined;

afterEach(async () => {
  await server?.stop();
  await origin?.close();
  server = undefined;
  origin = undefined;
});

async function serve(env: Record<string, string>): Promise<Running> {
  server = await startServer(env);
  return server;
}

/** Waits for word that so many processes are gone, with all of their sockets, and for their successors. */
async function expectReplaced(running: Running, gone: number, count: number): Promise<void> {
  await vi.waitFor(() => {
    expect(running.output().split('it is replaced').length - 1).toBe(gone);
    expect(running.serving()).toHaveLength(count);
  }, PATIENCE);
}

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}

/** Asks over a connection of its own, which the client would keep. */
function ask(url: string): Promise<{ status: number; text: string; message: IncomingMessage }> {
  const agent = new Agent({ keepAlive: true });
  return new Promise((resolve, reject) => {
    get(url, { agent }, (message) => {
      let text = '';
      message.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      message.on('end', () => resolve({ status: message.statusCode ?? 0, text, message }));
      message.on('error', reject);
    }).on('error', reject);
  }).finally(() => agent.destroy()) as ReturnType<typeof ask>;
}

const statusOf = (url: string) => ask(url).then(({ status }) => status);

/** Asks for the health until every serving process must have been asked. */
async function expectHealthy(url: string): Promise<void> {
  for (let i = 0; i < 20; i++) expect(await statusOf(`${url}/health`)).toBe(200);
}

describe('a serving process', () => {
  it('IMGPEEK_PROCESSES: is one of so many, each of which answers', async () => {
    const running = await serve({ IMGPEEK_PROCESSES: '3' });
    expect(running.serving()).toHaveLength(3);
    await expectHealthy(running.url);
  });

  it('that is killed is replaced, and meanwhile the others answer', async () => {
    const running = await serve({ IMGPEEK_PROCESSES: '2' });
    const [victim = 0, other = 0] = running.serving();
    process.kill(victim, 'SIGKILL');
    await expectReplaced(running, 1, 2);
    expect(running.serving()).not.toContain(victim);
    expect(running.serving()).toContain(other);
    await expectHealthy(running.url);
  });

  it('that hangs is replaced', async () => {
    const running = await serve({ IMGPEEK_PROCESSES: '2', IMGPEEK_PROBE_TIMEOUT: '3' });
    const [victim = 0] = running.serving();
    process.kill(victim, 'SIGSTOP');
    await expectReplaced(running, 1, 2);
    expect(running.serving()).not.toContain(victim);
    expect(running.output()).toContain('a serving process hangs');
    await expectHealthy(running.url);
  });

  it('ends where its supervisor is killed', async () => {
    const running = await serve({ IMGPEEK_PROCESSES: '2' });
    const pids = running.serving();
    running.process.kill('SIGKILL');
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), PATIENCE);
  });
});

// A sanitizer is preloaded too, and has signal handlers of its own.
describe.skipIf(process.env.LD_PRELOAD)('a file that a library fails at', () => {
  let library: string;
  beforeAll(() => {
    library = buildFaultyLibexif();
  });

  async function serveFaulty(env: Record<string, string> = {}) {
    const at = await Origin.start();
    origin = at;
    at.on('/good', () => ({ status: 200, body: jpegWithExif(2) }));
    at.on('/crashes', () => ({ status: 200, body: jpegWithExif(CRASHES) }));
    at.on('/hangs', () => ({ status: 200, body: tiffWithExif(HANGS) }));
    at.on('/hangs-at-once', () => ({ status: 200, body: jpegWithExif(HANGS) }));
    const running = await serve({ LD_PRELOAD: library, IMGPEEK_PROCESSES: '2', ...env });
    return { running, info: (path: string) => `${running.url}/info/_/plain/${at.url(path)}` };
  }

  it('takes one process with it, and is refused from then on by all of them', async () => {
    const { running, info } = await serveFaulty();
    const before = running.serving();
    await expect(statusOf(info('/crashes'))).rejects.toThrow();
    await expectReplaced(running, 1, 2);
    expect(running.output()).toContain('is refused for a while');
    const after = running.serving();
    expect(before.filter((pid) => after.includes(pid))).toHaveLength(1);
    await vi.waitFor(async () => {
      for (let i = 0; i < 10; i++) expect(await statusOf(info('/crashes'))).toBe(422);
    }, PATIENCE);
    for (let i = 0; i < 10; i++) expect(await statusOf(info('/good'))).toBe(200);
    expect(running.serving()).toEqual(after);
    expect(running.output()).not.toContain('/crashes');
  });

  it('IMGPEEK_REFUSE_TIME: is tried again when its time is over', async () => {
    const { running, info } = await serveFaulty({ IMGPEEK_REFUSE_TIME: '0.5' });
    await expect(statusOf(info('/crashes'))).rejects.toThrow();
    await expectReplaced(running, 1, 2);
    await vi.waitFor(() => expect(statusOf(info('/crashes'))).rejects.toThrow(), PATIENCE);
    await expectReplaced(running, 2, 2);
  });

  it('IMGPEEK_PROBE_TIMEOUT: is given up where the library never comes back, and its thread with its process', async () => {
    const { running, info } = await serveFaulty({ IMGPEEK_PROBE_TIMEOUT: '3' });
    const before = running.serving();
    const hanging = ask(info('/hangs'));
    expect(await statusOf(info('/good'))).toBe(200);
    expect(await hanging).toMatchObject({ status: 422 });
    await vi.waitFor(() => {
      expect(before.filter(isAlive)).toHaveLength(1);
      expect(running.serving()).toHaveLength(2);
    }, PATIENCE);
    const after = running.serving();
    await vi.waitFor(async () => {
      for (let i = 0; i < 10; i++) expect(await statusOf(info('/hangs'))).toBe(422);
    }, PATIENCE);
    expect(running.serving()).toEqual(after);
  });

  it('IMGPEEK_PROBE_TIMEOUT: takes its process with it where it holds up the event loop, and is refused', async () => {
    const { running, info } = await serveFaulty({ IMGPEEK_PROBE_TIMEOUT: '3' });
    const before = running.serving();
    await expect(statusOf(info('/hangs-at-once'))).rejects.toThrow();
    await expectReplaced(running, 1, 2);
    expect(running.output()).toContain('is refused for a while');
    const after = running.serving();
    expect(before.filter((pid) => after.includes(pid))).toHaveLength(1);
    await vi.waitFor(async () => {
      for (let i = 0; i < 10; i++) expect(await statusOf(info('/hangs-at-once'))).toBe(422);
    }, PATIENCE);
    for (let i = 0; i < 10; i++) expect(await statusOf(info('/good'))).toBe(200);
    expect(running.serving()).toEqual(after);
  });
});

// The decoder runs on threads of libvips', which know no file.
describe.skipIf(process.env.LD_PRELOAD)('a picture that its decoder fails at', () => {
  async function serveFaulty(env: Record<string, string> = {}) {
    const at = await Origin.start();
    origin = at;
    for (const width of [CRASHES, HANGS, 100]) {
      at.on(`/${width}`, () => ({ status: 200, body: makeGreyJpeg(width, 40) }));
    }
    const running = await serve({
      LD_PRELOAD: buildFaultyLibjpeg(),
      IMGPEEK_PROCESSES: '2',
      ...env,
    });
    const info = (width: number) => `${running.url}/info/_/avg:1/plain/${at.url(`/${width}`)}`;
    return { running, info };
  }

  it('takes one process with it, and is refused from then on by all of them', async () => {
    const { running, info } = await serveFaulty();
    expect(await statusOf(info(100))).toBe(200);
    await expect(statusOf(info(CRASHES))).rejects.toThrow();
    await expectReplaced(running, 1, 2);
    expect(running.output()).toContain('is refused for a while');
    await vi.waitFor(async () => {
      for (let i = 0; i < 10; i++) expect(await statusOf(info(CRASHES))).toBe(422);
    }, PATIENCE);
    for (let i = 0; i < 10; i++) expect(await statusOf(info(100))).toBe(200);
  });

  it('IMGPEEK_PROBE_TIMEOUT: is given up after twice the time where the decoder never comes back', async () => {
    const { running, info } = await serveFaulty({ IMGPEEK_PROBE_TIMEOUT: '0.7' });
    const before = running.serving();
    expect(await ask(info(HANGS))).toMatchObject({ status: 422 });
    await vi.waitFor(() => {
      expect(before.filter(isAlive)).toHaveLength(1);
      expect(running.serving()).toHaveLength(2);
    }, PATIENCE);
    await vi.waitFor(async () => {
      for (let i = 0; i < 10; i++) expect(await statusOf(info(HANGS))).toBe(422);
    }, PATIENCE);
    expect(await statusOf(info(100))).toBe(200);
  });
});

describe('a server that is stopped', () => {
  it('IMGPEEK_DRAIN_DELAY: says 503 to health checks first, answers on, and closes each connection', async () => {
    const running = await serve({
      IMGPEEK_PROCESSES: '2',
      IMGPEEK_DRAIN_DELAY: '5',
      IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples',
    });
    const stopped = running.stop();
    await vi.waitFor(async () => {
      for (let i = 0; i < 5; i++) expect(await statusOf(`${running.url}/health`)).toBe(503);
    }, PATIENCE);
    const { status, message } = await ask(`${running.url}/info/_/plain/local:///photo.jpg`);
    expect(status).toBe(200);
    expect(message.headers.connection).toBe('close');
    expect(await stopped).toBe(0);
    await expect(statusOf(`${running.url}/health`)).rejects.toThrow('ECONNREFUSED');
  });

  it('ends at once at a second signal', async () => {
    origin = await Origin.start();
    origin.on('*', () => ({ status: 200, delay: 60_000 }));
    const running = await serve({
      IMGPROXY_TIMEOUT: '60',
      IMGPROXY_DOWNLOAD_TIMEOUT: '60',
      IMGPROXY_GRACEFUL_STOP_TIMEOUT: '60',
    });
    const { seen } = origin;
    const asked = statusOf(`${running.url}/info/_/plain/${origin.url('/a')}`);
    asked.catch(() => {});
    await vi.waitFor(() => expect(seen).toHaveLength(1), PATIENCE);
    const stopped = running.stop();
    await vi.waitFor(() => expect(running.output()).toContain('"stopping"'), PATIENCE);
    running.process.kill('SIGTERM');
    await expect(asked).rejects.toThrow();
    await stopped;
  });
});

describe('too much to do', () => {
  it('IMGPROXY_WORKERS, IMGPROXY_REQUESTS_QUEUE_SIZE: is queued, and beyond the queue answered 429', async () => {
    origin = await Origin.start();
    const answer = { status: 200, body: jpegWithExif(2) };
    origin.on('*', () => answer).on('/1', () => ({ ...answer, delay: 3_000 }));
    const { seen } = origin;
    const running = await serve({
      IMGPEEK_PROCESSES: '',
      IMGPROXY_WORKERS: '1',
      IMGPROXY_REQUESTS_QUEUE_SIZE: '1',
    });
    const info = (path: string) => `${running.url}/info/_/plain/${origin?.url(path)}`;
    const first = statusOf(info('/1'));
    await vi.waitFor(() => expect(seen).toHaveLength(1), PATIENCE);
    const others = await Promise.all([ask(info('/2')), ask(info('/3'))]);
    expect(await first).toBe(200);
    const statuses = others.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 429]);
    const refused = others.find(({ status }) => status === 429);
    expect(refused?.message.headers['retry-after']).toBe('1');
    expect(seen).toHaveLength(2);
  });

  it('IMGPROXY_MAX_CLIENTS: is closed where so many connections are open', async () => {
    const { url } = await serve({ IMGPROXY_MAX_CLIENTS: '1' });
    const held = connect(Number(new URL(url).port), '127.0.0.1');
    await new Promise((resolve) => held.once('connect', resolve));
    await vi.waitFor(() => expect(statusOf(`${url}/health`)).rejects.toThrow(), PATIENCE);
    held.destroy();
    await vi.waitFor(async () => expect(await statusOf(`${url}/health`)).toBe(200), PATIENCE);
  });
});

describe('a second instance on the same port', () => {
  it.each([
    ['true', 'answers too'],
    ['false', 'does not start'],
  ])('IMGPROXY_SO_REUSEPORT: at %s %s', async (value, outcome) => {
    const first = await serve({ IMGPROXY_SO_REUSEPORT: value });
    const bind = `127.0.0.1:${new URL(first.url).port}`;
    const starting = startServer({ IMGPROXY_SO_REUSEPORT: value, IMGPROXY_BIND: bind });
    const second = await starting.catch((error: Error) => error);
    if (second instanceof Error) expect(outcome).toBe('does not start');
    else {
      expect(outcome).toBe('answers too');
      await expectHealthy(first.url);
      await second.stop();
    }
  });
});
