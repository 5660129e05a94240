import { Canceller, type CancelSignal } from '../cancel.ts';
import type { SourceCost } from '../source/source.ts';
import { toAskedKey } from './asked.ts';
import type { Answered, AnswerInfo } from './info.ts';

/** Whoever joins work that is under way costs the origin nothing. */
const NOTHING: SourceCost = { requests: 0, bytes: 0 };

/** Work that one or more requests wait for. */
interface Work {
  answering: Promise<Answered>;
  canceller: Canceller;
  waiting: number;
}

/**
 * Has equal requests that are under way at the same time share one fetch and one probe. Each leaves
 * by its own signal; the work is given up when the last has left. Nothing is kept once it is done.
 */
export function shareAnswers(answer: AnswerInfo): AnswerInfo {
  const underWay = new Map<string, Work>();

  const begin = (key: string, ...[sourceUrl, asked, request]: Parameters<AnswerInfo>): Work => {
    const canceller = new Canceller();
    const answering = answer(sourceUrl, asked, { ...request, signal: canceller });
    const work = { answering, canceller, waiting: 0 };
    underWay.set(key, work);
    const forget = () => underWay.get(key) === work && underWay.delete(key);
    answering.then(forget, forget);
    // A newcomer must not join work that is being given up.
    canceller.addEventListener('abort', forget);
    return work;
  };

  return async (sourceUrl, asked, request) => {
    const key = toKey(sourceUrl, asked, request);
    const found = underWay.get(key);
    const answered = await join(found ?? begin(key, sourceUrl, asked, request), request.signal);
    return found ? { ...answered, cost: NOTHING } : answered;
  };
}

function toKey(...[sourceUrl, asked, { headers, maxFileSize }]: Parameters<AnswerInfo>): string {
  return `${toAskedKey(asked)} ${maxFileSize ?? ''} ${headers ? JSON.stringify(headers) : ''} ${sourceUrl}`;
}

function join(work: Work, signal: CancelSignal): Promise<Answered> {
  return new Promise((resolve, reject) => {
    work.waiting++;
    const leave = () => {
      signal.removeEventListener('abort', leave);
      work.waiting--;
      if (work.waiting === 0) work.canceller.abort(signal.reason);
      reject(signal.reason);
    };
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave);
    work.answering.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', leave);
    });
  });
}
