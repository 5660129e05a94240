import { LRUCache } from 'lru-cache';

const MAX_ORIGINS = 1_000;

/** How long it is remembered what an origin does with ranges, in ms. */
const MEMORY = 600_000;

/**
 * What origins do with ranges. One that answers uselessly to them each time (416 for no reason,
 * several parts, another part) is asked without Range from the start, which saves a request for each
 * file. One that has given a range is not: what went wrong was one file of its.
 */
export class RangeSupport {
  #gives = new LRUCache<string, boolean>({ max: MAX_ORIGINS, ttl: MEMORY });

  /** Whether an origin is to be asked for a range first. */
  mayGive(origin: string): boolean {
    return this.#gives.get(origin) ?? true;
  }

  /** To be told that an origin gave the range that it was asked for. */
  given(origin: string): void {
    if (this.#gives.get(origin) !== true) this.#gives.set(origin, true);
  }

  /** To be told that it did not, but gave the whole file without Range. */
  refused(origin: string): void {
    if (!this.#gives.has(origin)) this.#gives.set(origin, false);
  }
}
