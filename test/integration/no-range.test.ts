import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CORPUS, entries, hasCorpus } from '../corpus.ts';
import { type Running, startOrigin, startServer } from './running.ts';

let ranged: Running;
let whole: Running;
let server: Running;

beforeAll(async () => {
  if (!hasCorpus) return;
  [ranged, whole, server] = await Promise.all([
    startOrigin(CORPUS),
    startOrigin(CORPUS, 'no-range'),
    startServer(),
  ]);
});

afterAll(async () => {
  await Promise.all([server?.stop(), ranged?.stop(), whole?.stop()]);
});

async function ask(origin: Running, path: string): Promise<{ status: number; text: string }> {
  const source = encodeURIComponent(`${origin.url}/${path}`);
  const { statusCode, body } = await request(`${server.url}/info/_/plain/${source}`);
  return { status: statusCode, text: await body.text() };
}

describe.skipIf(!hasCorpus)('an origin that knows no ranges', () => {
  test('gives each file of the corpus the answer that one with ranges gives', async () => {
    const differing: string[] = [];
    let answered = 0;
    for (const { path } of entries) {
      const [some, other] = await Promise.all([ask(ranged, path), ask(whole, path)]);
      if (some.status === 200) answered++;
      if (JSON.stringify(some) !== JSON.stringify(other)) differing.push(path);
    }
    expect(differing).toEqual([]);
    expect(answered).toBeGreaterThan(300);
  }, 60_000);
});
