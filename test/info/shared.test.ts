import { describe, expect, test } from 'vitest';
import { Canceller, type CancelSignal } from '../../src/cancel.ts';
import type { Answered, AnswerInfo } from '../../src/info/info.ts';
import { shareAnswers } from '../../src/info/shared.ts';
import { DIMENSIONS } from '../native/probing.ts';
import { asking } from './asking.ts';

const ASKED = asking(DIMENSIONS, { format: true, size: true });
const ANSWER: Answered = {
  body: '{}',
  rounds: 1,
  cut: false,
  cost: { requests: 1, bytes: 100 },
  seekable: true,
  spans: { downloading: 1, processing: 1 },
  etag: undefined,
  originHeaders: {},
  file: { size: undefined, width: 1, height: 1 },
  lastModified: undefined,
};

/** Work that is ended by hand, with the signals that it was given. */
function pending() {
  const signals: CancelSignal[] = [];
  const ends: { resolve: (answer: Answered) => void; reject: (reason: unknown) => void }[] = [];
  const answer: AnswerInfo = (_url, _asked, { signal }) => {
    signals.push(signal);
    return new Promise((resolve, reject) => {
      ends.push({ resolve, reject });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  };
  return { ask: shareAnswers(answer), signals, ends };
}

const client = () => {
  const canceller = new Canceller();
  return { signal: canceller, abort: (reason: unknown) => canceller.abort(reason) };
};

describe('equal requests at the same time', () => {
  test('share one piece of work, whose cost is counted once', async () => {
    const { ask, ends } = pending();
    const all = [1, 2, 3].map(() => ask('http://a/', ASKED, { signal: client().signal }));
    expect(ends).toHaveLength(1);
    ends[0]?.resolve(ANSWER);
    const answers = await Promise.all(all);
    expect(answers.map(({ body }) => body)).toEqual(['{}', '{}', '{}']);
    expect(answers.map(({ cost }) => cost.requests)).toEqual([1, 0, 0]);
  });

  test('share its failure', async () => {
    const { ask, ends } = pending();
    const all = [1, 2].map(() => ask('http://a/', ASKED, { signal: client().signal }));
    ends[0]?.reject(new Error('broken'));
    const results = await Promise.allSettled(all);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('go on when one client leaves, and end when the last does', async () => {
    const { ask, signals, ends } = pending();
    const [one, two] = [client(), client()];
    const first = ask('http://a/', ASKED, { signal: one.signal });
    const second = ask('http://a/', ASKED, { signal: two.signal });
    one.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    expect(signals[0]?.aborted).toBe(false);
    ends[0]?.resolve(ANSWER);
    expect((await second).body).toBe('{}');

    const third = ask('http://a/', ASKED, { signal: two.signal });
    two.abort(new Error('gone too'));
    await expect(third).rejects.toThrow('gone too');
    expect(signals[1]?.aborted).toBe(true);
  });

  test('are not joined to work that is being given up', async () => {
    const { ask, ends } = pending();
    const one = client();
    const first = ask('http://a/', ASKED, { signal: one.signal });
    one.abort(new Error('gone'));
    const second = ask('http://a/', ASKED, { signal: client().signal });
    expect(ends).toHaveLength(2);
    ends[1]?.resolve(ANSWER);
    await expect(first).rejects.toThrow('gone');
    expect((await second).body).toBe('{}');
  });

  test('of a client that has left already end at once', async () => {
    const { ask } = pending();
    const one = client();
    one.abort(new Error('gone'));
    await expect(ask('http://a/', ASKED, { signal: one.signal })).rejects.toThrow('gone');
  });
});

test.each([
  ['another source', 'http://b/', ASKED, {}],
  ['another option', 'http://a/', { ...ASKED, xmp: !ASKED.xmp }, {}],
  ['sums', 'http://a/', { ...ASKED, calcHashsums: ['md5'] }, {}],
  ['a sum to check', 'http://a/', { ...ASKED, hashsum: { type: 'md5', sum: 'x' } }, {}],
  ['a palette', 'http://a/', { ...ASKED, palette: 3 }, {}],
  ['a hash of a page', 'http://a/', { ...ASKED, thumbHash: true, page: 1 }, {}],
  ['a crop', 'http://a/', { ...ASKED, crop: { ...ASKED.crop, width: 0.5 } }, {}],
  ['alpha', 'http://a/', { ...ASKED, alpha: true }, {}],
  ['another limit', 'http://a/', ASKED, { maxFileSize: 10 }],
  ['another header', 'http://a/', ASKED, { headers: { cookie: 'b' } }],
] as const)('a request with %s is no equal one', (_, url, asked, rest) => {
  const { ask, ends } = pending();
  void ask('http://a/', ASKED, { signal: client().signal, headers: { cookie: 'a' } });
  void ask(url, asked, { signal: client().signal, headers: { cookie: 'a' }, ...rest });
  expect(ends).toHaveLength(2);
});

test('a later request is worked on anew', async () => {
  const { ask, ends } = pending();
  const first = ask('http://a/', ASKED, { signal: client().signal });
  ends[0]?.resolve(ANSWER);
  await first;
  void ask('http://a/', ASKED, { signal: client().signal });
  expect(ends).toHaveLength(2);
});
