import { LRUCache } from 'lru-cache';

const MAX_ORIGINS = 1_000;

/** How long it is remembered what an origin does with ranges, in ms, and how exactly. */
const MEMORY = 600_000;
const RESOLUTION = 1_000;

/**
 * What origins do with ranges. One that answers uselessly to them each time (416 for no reason,
 * several parts, another part) is asked without Range from the start, which saves a request for each
 * file. One that has given a range is not: what went wrong was one file of its.
 */
export class RangeSupport {
  #gives = new LRUCache<string, boolean>({
    max: MAX_ORIGINS,
    ttl: MEMORY,
    ttlResolution: RESOLUTION,
  });

  /** Whether an origin gives ranges; undefined where it is not known. */
  of(origin: string): boolean | undefined {
    return this.#gives.get(origin);
  }

  /** @param gives False where it gave the whole file without Range, and nothing useful with it. */
  learn(origin: string, gives: boolean): void {
    if (gives || this.#gives.get(origin) === undefined) this.#gives.set(origin, gives);
  }
}
