import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BALANCERS, isInstalled, startBalancer } from '../integration/balancing.ts';
import { type Running, startServer } from '../integration/running.ts';
import { drive } from './drive.ts';

const REQUESTS = Number(process.env.IMGPEEK_SOAK_REQUESTS ?? 100_000);
/** Seconds between bursts: about the times after which one or the other closes idle connections. */
const PAUSES = [5, 8, 9, 10, 11, 12, 15, 20, 30, 70];
const CONNECTIONS = 32;
const PATH = '/info/_/plain/local:///photo.jpg';

let instances: Running[];
let expected: string;

beforeAll(async () => {
  const env = { IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples' };
  instances = await Promise.all([startServer(env), startServer(env)]);
  expected = await (await fetch(instances[0]?.url + PATH)).text();
}, 30_000);
afterAll(() => Promise.all(instances.map((instance) => instance.stop())));

test.concurrent.each(
  BALANCERS.filter(isInstalled),
)(`${REQUESTS} requests in bursts are answered behind %s`, async (...balancer) => {
  const urls = instances.map(({ url }) => url);
  const front = await startBalancer(balancer, urls);
  const next = () => ({
    path: PATH,
    isRight: (status: number, body: string) => status === 200 && body === expected,
  });
  const examples: string[] = [];
  let answered = 0;
  for (const pause of [...PAUSES, 0]) {
    const requests = Math.ceil(REQUESTS / (PAUSES.length + 1));
    const burst = await drive({ base: front.url, next, connections: CONNECTIONS, requests });
    answered += burst.answered;
    examples.push(...burst.examples);
    await sleep(pause * 1000);
  }
  front.process.kill('SIGTERM');
  expect(examples).toEqual([]);
  expect(answered).toBeGreaterThanOrEqual(REQUESTS);
});
