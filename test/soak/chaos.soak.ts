import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CORPUS, hasCorpus } from '../corpus.ts';
import { BALANCERS, isInstalled, startBalancer } from '../integration/balancing.ts';
import { freePort } from '../integration/free-port.ts';
import { type Running, startOrigin, startServer } from '../integration/running.ts';
import { type Driven, drive, type Question } from './drive.ts';
import { corpusQuestions, failingQuestions, mix } from './questions.ts';

const SECONDS = 60 * Number(process.env.IMGPEEK_SOAK_MINUTES ?? 1);
const RATE = 100;
const CONNECTIONS = 32;
/** Balancers notice a health check that fails within a second. */
const DRAIN_DELAY = '1.5';

let origin: Running;
let next: () => Question;

beforeAll(async () => {
  origin = await startOrigin(CORPUS);
  const alone = await startServer();
  const questions = await corpusQuestions(alone.url, origin.url);
  // A request that takes a second meets two kills, one at each instance, and no third is left to ask.
  const failing = failingQuestions(origin.url).filter(({ path }) => !/stall/.test(path));
  next = mix([20, questions], [1, failing]);
  await alone.stop();
}, 120_000);
afterAll(() => origin?.stop());

const start = (port: number) =>
  startServer({
    IMGPROXY_BIND: `127.0.0.1:${port}`,
    IMGPEEK_PROCESSES: '2',
    IMGPEEK_DRAIN_DELAY: DRAIN_DELAY,
    IMGPROXY_DOWNLOAD_TIMEOUT: '1',
  });

/** Two instances, of which any may be replaced by another one on its port. */
async function startTwo() {
  const ports = [await freePort(), await freePort()];
  const instances = await Promise.all(ports.map(start));
  return {
    instances,
    async restart(index: number) {
      await instances[index]?.stop();
      instances[index] = await start(ports[index] ?? 0);
    },
    stop: () => Promise.all(instances.map((instance) => instance.stop())),
  };
}
type Two = Awaited<ReturnType<typeof startTwo>>;

/** What is done to the instances, again and again. */
const CHAOS: [name: string, pause: number, harm: (two: Two, turn: number) => Promise<void>][] = [
  [
    'a serving process is killed each second',
    1_000,
    async ({ instances }, turn) => {
      const pids = instances[turn % 2]?.serving() ?? [];
      const victim = pids[(turn >> 1) % pids.length];
      if (victim) process.kill(victim, 'SIGKILL');
    },
  ],
  ['one instance after the other is restarted', 500, (two, turn) => two.restart(turn % 2)],
];

const installed = BALANCERS.filter(isInstalled).filter(([name]) => !/bare|plain/.test(name));

describe.skipIf(!hasCorpus).each(CHAOS)('while %s', (_, pause, harm) => {
  test.each(installed)('nothing is lost behind %s', async (...balancer) => {
    const two = await startTwo();
    const front = await startBalancer(
      balancer,
      two.instances.map(({ url }) => url),
    );
    const driving = drive({
      base: front.url,
      next,
      connections: CONNECTIONS,
      rate: RATE,
      ms: SECONDS * 1000,
    });
    let driven: Driven | undefined;
    const over = driving.then((result) => {
      driven = result;
    });
    for (let turn = 0; !driven; turn++) {
      await Promise.race([over, sleep(pause)]);
      if (!driven) await harm(two, turn);
    }
    console.log(JSON.stringify({ balancer: balancer[0], ...driven }));
    front.process.kill('SIGTERM');
    await two.stop();
    expect(driven).toMatchObject({ wrong: 0, examples: [] });
  });
});
