import { readFileSync, statSync } from 'node:fs';

/** How often a file is looked at for a change at most, in ms. */
const INTERVAL = 1_000;

/**
 * A small file of the system's configuration, parsed, and parsed anew once it changes. It is read on
 * the event loop, which takes microseconds: libuv's threads may be waiting for the very resolver that
 * the file is about.
 */
export class FollowedFile<T> {
  #path: string;
  #parse: (text: string) => T;
  #value: T | undefined;
  #version: string | undefined;
  #checked = Number.NEGATIVE_INFINITY;

  /** @param parse Of an empty text where the file is not there. */
  constructor(path: string, parse: (text: string) => T) {
    this.#path = path;
    this.#parse = parse;
  }

  /** What stands in the file; the same object until it changes. */
  read(): T {
    const now = performance.now();
    if (this.#value !== undefined && now - this.#checked < INTERVAL) return this.#value;
    this.#checked = now;
    const version = this.#look();
    if (this.#value === undefined || version !== this.#version) {
      this.#version = version;
      this.#value = this.#parse(version === undefined ? '' : this.#load());
    }
    return this.#value;
  }

  #look(): string | undefined {
    const stat = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    return stat && `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeNs}`;
  }

  // It may be gone since, or never have been ours to read: then it says nothing.
  #load(): string {
    try {
      return readFileSync(this.#path, 'utf8');
    } catch {
      return '';
    }
  }
}
