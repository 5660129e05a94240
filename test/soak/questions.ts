import { request } from 'undici';
import { entries } from '../corpus.ts';
import type { Question } from './drive.ts';

/** The path that asks about a file at an origin. */
const pathOf = (source: string) => `/info/_/plain/${encodeURIComponent(source)}`;

/**
 * Asks about each file of the corpus alone, and holds all later answers to be the same.
 *
 * @param delay Milliseconds that the origin then takes for each of its answers.
 */
export async function corpusQuestions(
  server: string,
  origin: string,
  delay = 0,
): Promise<Question[]> {
  const questions: Question[] = [];
  for (const { path } of entries) {
    const alone = await request(server + pathOf(`${origin}/${path}`));
    const expected = `${alone.statusCode} ${await alone.body.text()}`;
    questions.push({
      path: pathOf(`${origin}/${path}${delay ? `?delay=${delay}` : ''}`),
      isRight: (status, body) => `${status} ${body}` === expected,
    });
  }
  return questions;
}

/** Asks about damaged files: what is known of the answer is that it is one. */
export function hostileQuestions(origin: string): Question[] {
  return entries.flatMap(({ path, bytes }, index) =>
    [`cut=${Math.floor((bytes * (index % 7)) / 7)}`, `flip=200&seed=${index}`].map((damage) => ({
      path: pathOf(`${origin}/${path}?${damage}`),
      isRight: (status: number) => status === 200 || status === 422,
    })),
  );
}

/** Asks about origins that fail, each in its way, with the status that is prescribed. */
export function failingQuestions(origin: string): Question[] {
  const [path = ''] = entries.filter(({ bytes }) => bytes > 100_000).map(({ path }) => path);
  const at = (url: string, ...statuses: number[]): Question => ({
    path: pathOf(url),
    isRight: (status) => statuses.includes(status),
  });
  return [
    at(`${origin}/${path}?stall=100`, 504),
    at(`${origin}/${path}?break=100`, 422),
    at(`${origin}/${path}?status=500`, 502),
    at(`${origin}/${path}?status=403`, 403),
    at(`${origin}/nothing`, 404),
    // The discard port: nobody listens.
    at('http://127.0.0.1:9/nobody.jpg', 404),
  ];
}

/** Takes each question in turn, the shares being how often each list is asked. */
export function mix(...lists: [share: number, questions: Question[]][]): () => Question {
  const order = lists.flatMap(([share, questions]) => Array<Question[]>(share).fill(questions));
  const taken = new Map<Question[], number>();
  let turn = 0;
  return () => {
    const questions = order[turn++ % order.length] ?? [];
    const index = taken.get(questions) ?? 0;
    taken.set(questions, index + 1);
    return questions[index % questions.length] as Question;
  };
}
