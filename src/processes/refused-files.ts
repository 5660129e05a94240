import { LRUCache } from 'lru-cache';

/** Files remembered at the most; the oldest gives way. */
const MAX_FILES = 1_000;

/** The files that killed or stalled a process, by their keys: each is refused for a while. */
export class RefusedFiles {
  readonly #keys: LRUCache<string, true> | undefined;

  /** @param time Milliseconds that a file is refused; 0 refuses none. */
  constructor(time: number) {
    this.#keys = time > 0 ? new LRUCache({ max: MAX_FILES, ttl: Math.ceil(time) }) : undefined;
  }

  /** @param left Milliseconds, where a part of its time has passed. */
  add(key: string, left?: number): void {
    this.#keys?.set(key, true, left === undefined ? {} : { ttl: left });
  }

  has(key: string): boolean {
    // Nearly always there is none, and a look-up costs more than that question.
    return this.#keys !== undefined && this.#keys.size > 0 && this.#keys.has(key);
  }

  get size(): number {
    return this.#keys?.size ?? 0;
  }

  /** All of them, oldest first, with the milliseconds that are left. */
  list(): [key: string, left: number][] {
    const keys = this.#keys;
    if (!keys) return [];
    return [...keys.keys()]
      .reverse()
      .map((key): [string, number] => [key, Math.floor(keys.getRemainingTTL(key))])
      .filter(([, left]) => left > 0);
  }
}
