import { request } from 'undici';
import type { Case } from '../cases/cases.ts';
import { NUMBER } from '../load/wrk.ts';
import type { Options } from '../options.ts';
import type { Answer, Rival } from '../rivals/rival.ts';
import type { Service } from '../rivals/service.ts';
import type { Memory } from './memory.ts';

/** How long a rival may take for one file, in ms: some read on to the end of what they do not know. */
const PATIENCE = 20_000;

/** A rival that runs. */
export interface Runner {
  rival: Rival;
  service: Service;
}

/** What every figure is measured with. */
export interface Context {
  options: Options;
  /** imgpeek first. */
  runners: Runner[];
  /** The plain origin. */
  near: string;
  memory: Memory;
  /** Says on the terminal what is being done. */
  say(text: string): void;
}

/** A source's URL whose query makes it another one for each request. */
export function toSource(origin: string, file: string): string {
  return `${origin}/${file}?n=${NUMBER}`;
}

/**
 * Asks a rival once.
 *
 * @param dimensions What it must answer, in either order.
 * @returns Why it cannot take part; undefined where it answers as it must.
 */
export async function check(
  { rival, service }: Runner,
  source: string,
  { dimensions }: Case,
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(PATIENCE);
  let answer: Answer & { status: number };
  try {
    const { statusCode, headers, body } = await request(service.base + rival.path(source), {
      signal,
    });
    answer = { status: statusCode, headers, body: await body.text() };
  } catch (error) {
    return signal.aborted ? `takes over ${PATIENCE / 1000} s` : (error as Error).message;
  }
  if (answer.status !== 200) return `answers ${answer.status}`;
  if (!rival.readDimensions) return undefined;
  const found = rival.readDimensions(answer);
  if (!found) return 'answers no dimensions';
  const isRight = found.toSorted().join() === dimensions.toSorted().join();
  return isRight ? undefined : `answers ${found.join(' × ')}`;
}
