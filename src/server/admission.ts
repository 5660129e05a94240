import type { CancelSignal } from '../cancel.ts';
import { RequestError } from '../errors.ts';

/** Gives back what was acquired; a second call does nothing. */
export type Release = () => void;

/** How much may be under way. */
export interface AdmissionLimits {
  /** Requests that are worked on at a time. */
  workers: number;
  /** Requests that may wait for it; `Infinity` for no limit. */
  queue: number;
}

/** Admits requests to work, queues them while there is too much of it, and refuses what no queue holds. */
export class Admission {
  readonly #limits: AdmissionLimits;
  #working = 0;
  /** In the order in which they came. */
  readonly #waiting = new Set<() => void>();

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Requests that may be worked on at a time. */
  get workers(): number {
    return this.#limits.workers;
  }

  /** Requests that are worked on. */
  get working(): number {
    return this.#working;
  }

  /** Requests that wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Waits for its turn. Whoever is admitted releases once, whatever became of the work.
   *
   * @param signal Gives up waiting.
   * @throws RequestError TOO_MANY_REQUESTS where the queue is full; the signal's reason.
   */
  async acquire(signal: CancelSignal): Promise<Release> {
    if (this.#working >= this.#limits.workers) await this.#wait(signal);
    else this.#working++;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#release();
    };
  }

  #wait(signal: CancelSignal): Promise<void> {
    if (this.#waiting.size >= this.#limits.queue) {
      throw new RequestError('TOO_MANY_REQUESTS', `${this.#waiting.size} requests wait already`);
    }
    return new Promise((resolve, reject) => {
      const admit = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.delete(admit);
        reject(signal.reason);
      };
      this.#waiting.add(admit);
      signal.addEventListener('abort', giveUp);
    });
  }

  #release(): void {
    // The place goes to the next one as it is, so that nobody slips in between.
    const [next] = this.#waiting;
    if (!next) {
      this.#working--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
