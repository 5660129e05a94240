import type { CancelSignal } from '../cancel.ts';
import { RequestError } from '../errors.ts';
import { toAbortError } from '../source/errors.ts';

/**
 * Has the work hold so many bytes in all, from now on.
 *
 * @throws RequestError TOO_MANY_REQUESTS where there are not so many left: who holds some does not wait
 */
export type Extend = (bytes: number) => void;

/** Work that waits for its turn. */
interface Waiting {
  bytes: number;
  begin: () => void;
}

/**
 * Bounds what work of a kind holds in memory at a time, all of it together: who comes when it is spent
 * waits, in the order of coming, so that large work is not passed by for ever.
 */
export class MemoryBudget {
  #free: number;
  readonly #most: number;
  readonly #queue = new Set<Waiting>();

  /** @param bytes What all of it may hold. */
  constructor(bytes: number) {
    this.#free = bytes;
    this.#most = bytes;
  }

  /**
   * Does work that holds so many bytes until it is done. What would hold more than all of
   * them may begin where it is alone.
   *
   * @param signal Ends the waiting; the work itself minds it, or not.
   * @throws RequestError what the signal says, and whatever the work throws
   */
  async spend<T>(
    bytes: number,
    signal: CancelSignal,
    work: (extend: Extend) => Promise<T>,
  ): Promise<T> {
    let held = Math.min(bytes, this.#most);
    const extend = (to: number) => {
      const more = Math.max(0, Math.min(to, this.#most) - held);
      if (more > this.#free) {
        throw new RequestError('TOO_MANY_REQUESTS', `there is no memory for ${to} bytes of a file`);
      }
      this.#free -= more;
      held += more;
    };
    if (signal.aborted) throw toAbortError(signal);
    await this.#wait(held, signal);
    try {
      return await work(extend);
    } finally {
      this.#free += held;
      this.#beginSome();
    }
  }

  #wait(bytes: number, signal: CancelSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.delete(waiting);
        reject(toAbortError(signal));
        this.#beginSome();
      };
      const begin = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const waiting = { bytes, begin };
      this.#queue.add(waiting);
      signal.addEventListener('abort', leave);
      this.#beginSome();
    });
  }

  #beginSome(): void {
    for (const waiting of this.#queue) {
      if (waiting.bytes > this.#free) return;
      this.#queue.delete(waiting);
      this.#free -= waiting.bytes;
      waiting.begin();
    }
  }
}
