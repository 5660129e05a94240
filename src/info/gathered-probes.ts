import type { Probe } from '../native.ts';

/** Milliseconds of probing in one turn of the event loop, after which others have their turn. */
const MAX_TURN = 4;

/**
 * Runs the probes of one turn of the event loop after each other, when all that has arrived is read.
 * A probe between two answers finds nothing of it in the processor's caches and leaves nothing there
 * for what comes next; a row of them takes half of the time.
 *
 * @param now Milliseconds.
 */
export function gatherProbes(probe: Probe, now = () => performance.now()): Probe {
  let waiting: (() => void)[] = [];

  const run = () => {
    const until = now() + MAX_TURN;
    let next = 0;
    do waiting[next++]?.();
    while (next < waiting.length && now() < until);
    waiting = waiting.slice(next);
    if (waiting.length > 0) setImmediate(run);
  };

  return (...args) =>
    new Promise((resolve, reject) => {
      const begin = () => {
        try {
          resolve(probe(...args));
        } catch (error) {
          reject(error);
        }
      };
      if (waiting.push(begin) === 1) setImmediate(run);
    });
}
