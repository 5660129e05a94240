import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BALANCERS, isInstalled, type StartedBalancer, startBalancer } from './balancing.ts';
import { type Running, startServer } from './running.ts';

// Behind real load balancers, with the files of deploy/ but for the ports.

const KEY = '736563726574';
const SALT = '68656C6C6F';

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

function sign(path: string): string {
  const hmac = createHmac('sha256', Buffer.from(KEY, 'hex')).update(Buffer.from(SALT, 'hex'));
  return `/info/${hmac.update(path).digest('base64url')}${path}`;
}

describe.each(BALANCERS)('behind %s', (...args) => {
  if (!isInstalled(args)) {
    test.skip('(it is not installed)', () => {});
    return;
  }
  let balancer: StartedBalancer;

  beforeAll(async () => {
    const urls = instances.map(({ url }) => url);
    balancer = await startBalancer(args, urls);
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
