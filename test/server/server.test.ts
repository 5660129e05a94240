import { request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { RequestError } from '../../src/errors.ts';
import type { InfoCall, InfoResult, InfoRoute } from '../../src/server/info-route.ts';
import { Server, type ServerOptions } from '../../src/server/server.ts';

const OPTIONS: ServerOptions = {
  pathPrefix: '',
  serverName: 'imgpeek',
  allowOrigin: '',
  healthCheckMessage: 'imgpeek is running',
  healthCheckPath: '',
  ttl: 3600,
  cacheControlPassthrough: false,
  responseHeadersPassthrough: [],
  requestHeadersPassthrough: [],
  cookiePassthrough: false,
  cookieBaseUrl: '',
  cookiePassthroughAll: false,
  customResponseHeaders: [],
  setCanonicalHeader: false,
  cacheTagsFormat: 'all',
  useEtag: false,
  etagBuster: '',
  useLastModified: false,
  lastModifiedBuster: undefined,
  enableDebugHeaders: false,
  maxClients: Infinity,
  keepAliveTimeout: 10,
  developmentErrors: false,
};

const ANSWER = {
  request: { options: { expires: 0, cacheTags: [] }, sourceUrl: 'http://origin/a.jpg' },
  answer: {
    body: '{"format":"jpeg"}',
    rounds: 1,
    cut: false,
    cost: { requests: 1, bytes: 9 },
    originHeaders: {},
  },
} as unknown as InfoResult;

let running: Server | undefined;
let lines: { level: string; line: Record<string, unknown> }[] = [];

afterEach(async () => {
  await running?.stop(0);
  running = undefined;
  lines = [];
});

/** Starts a server whose info route is `route`; gives its URL. */
async function start(route: InfoRoute, options: Partial<ServerOptions> = {}): Promise<string> {
  const to = (level: string) => (line: unknown) =>
    lines.push({ level, line: line as Record<string, unknown> });
  const log = { error: to('error'), warn: to('warn'), info: to('info'), debug: to('debug') };
  running = new Server({ ...OPTIONS, ...options }, route, log as never);
  const port = await running.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${port}`;
}

const answering: InfoRoute = async () => ANSWER;
const failing =
  (error: unknown): InfoRoute =>
  async () => {
    throw error;
  };

describe('routes', () => {
  test('GET of /info answers JSON that may be cached', async () => {
    const url = await start(answering);
    const { statusCode, headers, body } = await request(`${url}/info/_/plain/a`);
    expect(statusCode).toBe(200);
    expect(await body.text()).toBe('{"format":"jpeg"}');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': '17',
      'cache-control': 'max-age=3600, public',
      server: 'imgpeek',
    });
  });

  test('HEAD has the headers of GET and no body', async () => {
    const url = await start(answering);
    const { statusCode, headers, body } = await request(`${url}/info/_/plain/a`, {
      method: 'HEAD',
    });
    expect(statusCode).toBe(200);
    expect(headers['content-length']).toBe('17');
    expect(await body.text()).toBe('');
  });

  test('OPTIONS answers 200 with the CORS headers', async () => {
    const url = await start(answering, { allowOrigin: '*' });
    const { statusCode, headers } = await request(`${url}/info/_/plain/a`, { method: 'OPTIONS' });
    expect(statusCode).toBe(200);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-methods']).toBe('GET, OPTIONS');
  });

  test('the route gets the raw target, neither decoded nor with its query', async () => {
    let seen = '';
    const url = await start(async ({ target }: InfoCall) => {
      seen = target;
      return ANSWER;
    });
    await request(`${url}/info/_/s%3A1//plain/http:%2F%2Fa/%41?x=1`);
    expect(seen).toBe('/info/_/s%3A1//plain/http:%2F%2Fa/%41');
  });

  test.each([
    ['/health', 200, 'imgpeek is running'],
    ['/nothing', 404, 'Not found'],
    ['/information', 404, 'Not found'],
  ])('%s answers %i', async (path, status, text) => {
    const url = await start(answering);
    const { statusCode, body } = await request(url + path);
    expect(statusCode).toBe(status);
    expect(await body.text()).toBe(text);
  });

  test('the root shows that it is running', async () => {
    const url = await start(answering);
    const { statusCode, body } = await request(`${url}/`);
    expect(statusCode).toBe(200);
    expect(await body.text()).toContain('imgpeek is running');
  });

  test('a method that is not served is 404', async () => {
    const url = await start(answering);
    const { statusCode } = await request(`${url}/info/_/plain/a`, { method: 'POST', body: 'x' });
    expect(statusCode).toBe(404);
  });

  test('the path prefix stands before every route', async () => {
    const url = await start(answering, { pathPrefix: '/images' });
    expect((await request(`${url}/images/info/_/plain/a`)).statusCode).toBe(200);
    expect((await request(`${url}/images/health`)).statusCode).toBe(200);
    expect((await request(`${url}/info/_/plain/a`)).statusCode).toBe(404);
  });

  test('a second path for the health check stands beside the first', async () => {
    const url = await start(answering, { healthCheckPath: '/alive' });
    expect((await request(`${url}/alive`)).statusCode).toBe(200);
    expect((await request(`${url}/health`)).statusCode).toBe(200);
  });
});

describe('errors', () => {
  test('an error is its public message as plain text, and its detail is logged alone', async () => {
    const url = await start(failing(new RequestError('INVALID_SOURCE_IMAGE', 'PNG: no IHDR')));
    const { statusCode, headers, body } = await request(`${url}/info/_/plain/a`);
    expect(statusCode).toBe(422);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(headers['cache-control']).toBe('no-cache');
    expect(await body.text()).toBe('Invalid source image');
    expect(lines).toMatchObject([{ level: 'warn', line: { status: 422, error: 'PNG: no IHDR' } }]);
  });

  test('a client that accepts JSON gets the error as JSON', async () => {
    const url = await start(failing(new RequestError('FORBIDDEN', 'bad signature')));
    const headers = { accept: 'text/html, application/json;q=0.9' };
    const { body } = await request(`${url}/info/_/plain/a`, { headers });
    expect(await body.json()).toEqual({ error: 'Forbidden', status: 403 });
  });

  test('the detail is sent in the mode for development', async () => {
    const url = await start(failing(new RequestError('FORBIDDEN', 'bad signature')), {
      developmentErrors: true,
    });
    const { body } = await request(`${url}/info/_/plain/a`);
    expect(await body.text()).toBe('Forbidden: bad signature');
  });

  test('an unknown error is 500, says nothing, and is logged whole', async () => {
    const bug = new TypeError('secret detail');
    const url = await start(failing(bug));
    const { statusCode, body } = await request(`${url}/info/_/plain/a`);
    expect(statusCode).toBe(500);
    expect(await body.text()).toBe('Internal error');
    expect(lines).toMatchObject([{ level: 'error', line: { err: bug } }]);
  });
});

describe('requests', () => {
  test('a sane request id is kept, another is replaced', async () => {
    const url = await start(answering);
    const idFor = async (id: string) =>
      (await request(`${url}/health`, { headers: { 'x-request-id': id } })).headers['x-request-id'];
    expect(await idFor('abc-123')).toBe('abc-123');
    expect(await idFor('a b<script>')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor('x'.repeat(500))).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a client that leaves aborts its request, and the server goes on', async () => {
    const leaving = new AbortController();
    let aborted: unknown;
    const url = await start(
      ({ canceller }) =>
        new Promise((_, reject) => {
          canceller.addEventListener('abort', () => {
            aborted = canceller.reason;
            reject(canceller.reason);
          });
          leaving.abort();
        }),
    );
    await expect(request(`${url}/info/_/plain/a`, { signal: leaving.signal })).rejects.toThrow();
    await expect.poll(() => aborted).toMatchObject({ code: 'CLIENT_GONE', status: 499 });
    expect((await request(`${url}/health`)).statusCode).toBe(200);
    expect(lines.at(0)).toMatchObject({ line: { status: 499 } });
  });

  test('stopping waits for the requests under way', async () => {
    let finish: (() => void) | undefined;
    const url = await start(
      () =>
        new Promise((resolve) => {
          finish = () => resolve(ANSWER);
        }),
    );
    const pending = request(`${url}/info/_/plain/a`);
    await expect.poll(() => finish).toBeDefined();
    const stopped = running?.stop(20_000);
    finish?.();
    expect((await pending).statusCode).toBe(200);
    await stopped;
    await expect(request(`${url}/health`)).rejects.toThrow();
  });
});
