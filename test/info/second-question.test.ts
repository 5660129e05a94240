import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AnswerInfo, createInfo } from '../../src/info/info.ts';
import { probe } from '../../src/native.ts';
import { DIMENSIONS } from '../native/probing.ts';
import { failureOf, openers } from '../source/fetching.ts';
import { type Behaviour, Origin, serve, serveWhole } from '../source/origin.ts';
import { asking, PIXELS } from './asking.ts';

const ASKED = asking(DIMENSIONS, { format: true, size: true });
const OPTIONS = { firstRange: 1024, maxRounds: 8, maxBytes: 1 << 24 };

/** A TIFF of so many pixels whose only directory stands behind 200,000 bytes, or at once. */
function tiff(width: number, height: number, at = 200_000): Buffer {
  const file = Buffer.alloc(at + 200);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(at, 4);
  const entries = [
    [256, width],
    [257, height],
  ] as const;
  file.writeUInt16LE(entries.length, at);
  entries.forEach(([tag, value], index) => {
    const entry = at + 2 + 12 * index;
    file.writeUInt16LE(tag, entry);
    file.writeUInt16LE(4, entry + 2);
    file.writeUInt32LE(1, entry + 4);
    file.writeUInt32LE(value, entry + 8);
  });
  return file;
}

const V1 = serve(tiff(300, 200), { ETag: '"v1"' });
const V2 = serve(tiff(30, 20), { ETag: '"v2"' });

let origin: Origin;
let answer: AnswerInfo;
const { make, close } = openers();

beforeAll(async () => {
  origin = await Origin.start();
});
beforeEach(() => {
  origin.seen.length = 0;
  answer = createInfo(make(), probe, PIXELS, OPTIONS);
});
afterEach(close);
afterAll(() => origin.close());

/** Asks about `/file`, and says what came of it and what the origin was asked for it. */
async function ask(path = '/file', asked = ASKED) {
  const before = origin.seen.length;
  const signal = new AbortController().signal;
  const { body, rounds, cost } = await answer(origin.url(path), asked, { signal });
  const { width, height } = JSON.parse(body) as { width: number; height: number };
  const seen = origin.seen.slice(before).map(({ headers }) => headers);
  return { pixels: `${width}x${height}`, rounds, requests: cost.requests, seen };
}

describe('the second question about a file', () => {
  it('asks at once for all that the first needed, tied to its version', async () => {
    origin.on('/file', V1);
    const first = await ask();
    expect(first).toMatchObject({ pixels: '300x200', rounds: 2, requests: 2 });
    const second = await ask();
    expect(second).toMatchObject({ pixels: '300x200', rounds: 1, requests: 2 });
    expect(second.seen.map(({ range }) => range)).toEqual(first.seen.map(({ range }) => range));
    expect(second.seen.map((headers) => headers['if-range'])).toEqual([undefined, '"v1"']);
  });

  it('waits for no answer before it has asked for all', async () => {
    let underWay = 0;
    let most = 0;
    const slow: Behaviour = (request) => {
      most = Math.max(most, ++underWay);
      setTimeout(() => underWay--, 1_000);
      return { ...V1(request), delay: 1_000 };
    };
    origin.on('/file', slow);
    await ask();
    expect(most).toBe(1);
    await ask();
    expect(most).toBe(2);
  });

  it('takes no other request where the first range was enough', async () => {
    origin.on('/file', serve(tiff(3, 2, 8), { ETag: '"v1"' }));
    for (let i = 0; i < 3; i++) expect(await ask()).toMatchObject({ rounds: 1, requests: 1 });
  });

  it.each([
    ['no validator', {}],
    ['a weak one', { ETag: 'W/"v1"' }],
  ])('is asked as the first was where the file has %s', async (_, headers) => {
    origin.on('/file', serve(tiff(300, 200), headers as Record<string, string>));
    for (let i = 0; i < 2; i++) {
      const { rounds, seen } = await ask();
      expect(rounds).toBe(2);
      expect(seen.some((fields) => 'if-range' in fields)).toBe(false);
    }
  });

  it('is asked as the first was where a redirect leads to the file', async () => {
    origin.on('/file', V1).on('/moved', () => ({ status: 302, headers: { Location: '/file' } }));
    for (let i = 0; i < 2; i++) {
      expect(await ask('/moved')).toMatchObject({ rounds: 2, requests: 3 });
    }
  });

  it('is asked as the first was where other fields are asked for', async () => {
    origin.on('/file', V1);
    await ask();
    expect(await ask('/file', { ...ASKED, exif: true })).toMatchObject({ rounds: 2 });
  });

  it('is answered from the new file where it has changed', async () => {
    origin.on('/file', V1);
    await ask();
    origin.on('/file', V2);
    expect(await ask()).toMatchObject({ pixels: '30x20', rounds: 2 });
    expect(await ask()).toMatchObject({ pixels: '30x20', rounds: 1, requests: 2 });
  });

  it('is answered from the new file where the origin passes over If-Range', async () => {
    const deaf =
      (behave: Behaviour): Behaviour =>
      (request) =>
        behave({ ...request, headers: { ...request.headers, 'if-range': undefined } });
    origin.on('/file', deaf(V1));
    await ask();
    origin.on('/file', deaf(V2));
    expect(await ask()).toMatchObject({ pixels: '30x20' });
  });

  it('is forgotten with a version that needed more than the first range', async () => {
    origin.on('/file', V1);
    await ask();
    origin.on('/file', serve(tiff(3, 2, 8), { ETag: '"v2"' }));
    expect(await ask()).toMatchObject({ pixels: '3x2' });
    expect(await ask()).toMatchObject({ pixels: '3x2', rounds: 1, requests: 1 });
  });

  it('does without what it asked for too early', async () => {
    origin.on('/file', V1);
    await ask();
    let failed = 0;
    origin.on('/file', (request) => {
      if (!request.headers['if-range'] || failed++ > 0) return V1(request);
      return { status: 500 };
    });
    expect(await ask()).toMatchObject({ pixels: '300x200', rounds: 2, requests: 3 });
  });

  it('is answered where the origin knows no ranges any more', async () => {
    origin.on('/file', V1);
    await ask();
    origin.on('/file', serveWhole(tiff(300, 200), { ETag: '"v1"' }));
    expect(await ask()).toMatchObject({ pixels: '300x200' });
  });
});

describe('a file that changes between two rounds', () => {
  /** Serves each version for one request, and the last one from then on. */
  const inTurn = (...versions: Behaviour[]): Behaviour => {
    let next = 0;
    return (request) => {
      const behave = versions[Math.min(next++, versions.length - 1)] as Behaviour;
      return behave(request);
    };
  };

  it('is read anew, once, and answered from the new one', async () => {
    origin.on('/file', inTurn(V1, V2));
    // The first range of the old one; what does not fit to it; then both of the new one.
    expect(await ask()).toMatchObject({ pixels: '30x20', seen: { length: 4 } });
  });

  it('is incomplete where it changes again', async () => {
    const V3 = serve(tiff(10, 10), { ETag: '"v3"' });
    origin.on('/file', inTurn(V1, V2, V2, V3));
    expect(await failureOf(ask())).toMatchObject({ code: 'SOURCE_INCOMPLETE', status: 422 });
    expect(origin.seen).toHaveLength(4);
  });
});
