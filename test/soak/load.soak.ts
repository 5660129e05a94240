import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CORPUS, hasCorpus } from '../corpus.ts';
import { startOrigin, startServer } from '../integration/running.ts';
import { openDescriptors, residentBytes, slope } from '../integration/usage.ts';
import { drive } from './drive.ts';
import { corpusQuestions, failingQuestions, hostileQuestions, mix } from './questions.ts';

const MINUTES = Number(process.env.IMGPEEK_SOAK_MINUTES ?? 1);
const CONNECTIONS = 64;
/** Of the top rate. */
const SHARE = 0.8;
/** Caches fill and the heap finds its size: this part of the run says nothing of growth. */
const WARM_UP = 0.4;
const MIB = 1024 * 1024;
/** Less than a leak of 100 bytes a request would make at 1,000 requests a second. */
const GROWTH_PER_MINUTE = 5 * MIB;
/** How long the server keeps idle connections to origins here, in seconds. */
const KEPT = 2;

test.skipIf(!hasCorpus)(`${MINUTES} minutes at ${SHARE} of the top rate`, async () => {
  const origin = await startOrigin(CORPUS);
  const server = await startServer({
    IMGPEEK_PROCESSES: '',
    IMGPROXY_DOWNLOAD_TIMEOUT: '1',
    IMGPROXY_CLIENT_KEEP_ALIVE_TIMEOUT: String(KEPT),
  });
  const next = mix(
    [17, await corpusQuestions(server.url, origin.url)],
    [1, await corpusQuestions(server.url, origin.url, 200)],
    [1, hostileQuestions(origin.url)],
    [1, failingQuestions(origin.url)],
  );
  const pids = server.serving();
  const to = { base: server.url, next, connections: CONNECTIONS };
  await drive({ ...to, ms: 5_000 });
  const top = await drive({ ...to, ms: 10_000 });
  const rate = (SHARE * top.answered) / top.seconds;
  await sleep(1000 * (KEPT + 3));
  const descriptors = openDescriptors(pids);

  const samples: [minutes: number, bytes: number][] = [];
  const began = performance.now();
  const sampling = setInterval(
    () => samples.push([(performance.now() - began) / 60_000, residentBytes(pids)]),
    1_000,
  );
  const driven = await drive({ ...to, rate, ms: MINUTES * 60_000 });
  clearInterval(sampling);
  await sleep(1000 * (KEPT + 3));

  const growth = slope(samples.filter(([minutes]) => minutes > WARM_UP * MINUTES));
  console.log(
    JSON.stringify({
      ...driven,
      rate: Math.round(rate),
      mib: samples.filter((_, i) => i % 30 === 0).map(([, bytes]) => Math.round(bytes / MIB)),
      growth_mib_per_minute: growth / MIB,
      descriptors: [descriptors, openDescriptors(pids)],
    }),
  );
  expect(driven).toMatchObject({ wrong: 0, examples: [] });
  expect(server.serving()).toEqual(pids);
  expect(openDescriptors(pids)).toBeLessThanOrEqual(descriptors);
  expect(growth).toBeLessThan(GROWTH_PER_MINUTE);
  await server.stop();
  await origin.stop();
});
