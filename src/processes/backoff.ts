/** A process that lived this long, in ms, after it was ready was well: its end is no failed start. */
const WELL_AFTER = 1_000;
const FIRST_DELAY = 100;
const MAX_DELAY = 5_000;

/** How long to wait before a process is replaced: not at all, but where start after start fails. */
export class Backoff {
  #failures = 0;

  /**
   * Takes note of a process' end.
   *
   * @param lived Milliseconds from the moment that it was ready; 0 where it never was.
   * @returns Milliseconds to wait.
   */
  next(lived: number): number {
    if (lived >= WELL_AFTER) this.#failures = 0;
    this.#failures++;
    if (this.#failures === 1) return 0;
    return Math.min(MAX_DELAY, FIRST_DELAY * 2 ** (this.#failures - 2));
  }
}
