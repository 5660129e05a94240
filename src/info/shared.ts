import { Canceller, type CancelSignal } from '../cancel.ts';
import type { SourceCost } from '../source/source.ts';
import { toAskedKey } from './asked.ts';
import type { Answered, AnswerInfo } from './info.ts';

/** Whoever joins work that is under way costs the origin nothing. */
const NOTHING: SourceCost = { requests: 0, bytes: 0 };

/** A request that waits for work. */
interface Waiter {
  resolve(answered: Answered): void;
  reject(error: unknown): void;
  /** Whether the work was under way already. */
  joined: boolean;
  signal: CancelSignal;
  leave(): void;
}

/** Work that one or more requests wait for. */
interface Work {
  waiters: Set<Waiter>;
  canceller: Canceller;
}

/**
 * Has equal requests that are under way at the same time share one fetch and one probe. Each leaves
 * by its own signal; the work is given up when the last has left. Nothing is kept once it is done.
 */
export function shareAnswers(answer: AnswerInfo): AnswerInfo {
  const underWay = new Map<string, Work>();

  const begin = (key: string, ...[sourceUrl, asked, request]: Parameters<AnswerInfo>): Work => {
    const canceller = new Canceller();
    const work: Work = { waiters: new Set(), canceller };
    underWay.set(key, work);
    const forget = () => underWay.get(key) === work && underWay.delete(key);
    // A newcomer must not join work that is being given up.
    canceller.addEventListener('abort', forget);
    answer(sourceUrl, asked, { ...request, signal: canceller }).then(
      (answered) => {
        forget();
        for (const waiter of release(work)) {
          waiter.resolve(waiter.joined ? { ...answered, cost: NOTHING } : answered);
        }
      },
      (error) => {
        forget();
        for (const waiter of release(work)) waiter.reject(error);
      },
    );
    return work;
  };

  return (sourceUrl, asked, request) => {
    const key = toKey(sourceUrl, asked, request);
    const found = underWay.get(key);
    return join(found ?? begin(key, sourceUrl, asked, request), request.signal, !!found);
  };
}

function toKey(
  ...[sourceUrl, asked, { headers, cookies, maxFileSize }]: Parameters<AnswerInfo>
): string {
  const sent = headers || cookies ? JSON.stringify([headers, cookies]) : '';
  return `${toAskedKey(asked)} ${maxFileSize ?? ''} ${sent} ${sourceUrl}`;
}

function join(work: Work, signal: CancelSignal, joined: boolean): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      signal.removeEventListener('abort', leave);
      work.waiters.delete(waiter);
      if (work.waiters.size === 0) work.canceller.abort(signal.reason);
      reject(signal.reason);
    };
    const waiter: Waiter = { resolve, reject, joined, signal, leave };
    work.waiters.add(waiter);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave);
  });
}

/** Those who waited for work that is done; their signals end nothing any more. */
function release({ waiters }: Work): Iterable<Waiter> {
  for (const { signal, leave } of waiters) signal.removeEventListener('abort', leave);
  return waiters;
}
