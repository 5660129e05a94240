import type { LookupAddress } from 'node:dns';
import { LRUCache } from 'lru-cache';
import { codeOf } from '../errors.ts';
import type { Resolve } from './resolved.ts';

const MAX_NAMES = 1_000;

/** Bounds on a TTL, in ms: a host that moves must be found soon, and one of TTL 0 be connected to. */
const MIN_TTL = 1_000;
const MAX_TTL = 60_000;

/**
 * How long it is remembered that a name does not exist, in ms. What it would be by RFC 2308, 5,
 * c-ares does not tell.
 */
const NEGATIVE_TTL = 5_000;

/** Codes that say that there is no such name, not that nobody could tell. */
const NEGATIVE = new Set(['ENOTFOUND', 'ENODATA']);

interface Entry {
  addresses: Promise<LookupAddress[]>;
  /** When it was asked for. */
  since: number;
}

/** What names stand for, by their TTL. Equal questions that are under way are one. */
export class NameMemory {
  #resolve: Resolve;
  #known = new LRUCache<string, Entry>({ max: MAX_NAMES, perf: performance });

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
  }

  /** @throws what the resolver throws */
  addressesOf(hostname: string): Promise<LookupAddress[]> {
    return (this.#known.get(hostname) ?? this.#ask(hostname)).addresses;
  }

  /** To be told that a host could not be connected to: it may have moved before its TTL was over. */
  doubt(hostname: string): void {
    const known = this.#known.peek(hostname);
    if (known && performance.now() - known.since >= MIN_TTL) this.#known.delete(hostname);
  }

  #ask(hostname: string): Entry {
    const asked = this.#resolve(hostname);
    const entry = { addresses: asked.then(({ addresses }) => addresses), since: performance.now() };
    this.#known.set(hostname, entry);
    const keep = (ttl: number) => {
      if (this.#known.peek(hostname) === entry) this.#known.set(hostname, entry, { ttl });
    };
    asked.then(
      ({ ttl }) => keep(Math.min(Math.max(ttl * 1_000, MIN_TTL), MAX_TTL)),
      (error) => {
        if (NEGATIVE.has(codeOf(error))) keep(NEGATIVE_TTL);
        else if (this.#known.peek(hostname) === entry) this.#known.delete(hostname);
      },
    );
    return entry;
  }
}
