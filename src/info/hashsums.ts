import { createHash, type Hash } from 'node:crypto';
import { RequestError } from '../errors.ts';

/** A kind of hash sum, by its name in `node:crypto`. */
export type HashType = 'md5' | 'sha1' | 'sha256' | 'sha512';

/** The sum that a file must have. */
export interface Hashsum {
  readonly type: HashType;
  /** In hex, in lower case. */
  readonly sum: string;
}

/** What is asked about the sums of a file. */
export interface AskedHashsums {
  /** Those to tell. */
  readonly calcHashsums: readonly HashType[];
  /** That which the file must have. */
  readonly hashsum: Hashsum | undefined;
}

/** Hashes a file that is handed over from its first byte to its last. */
export class Hashsums {
  readonly #asked: AskedHashsums;
  readonly #hashes: ReadonlyMap<HashType, Hash>;

  /** What hashes for what is asked; undefined where no sum is. */
  static for(asked: AskedHashsums): Hashsums | undefined {
    return asked.calcHashsums.length > 0 || asked.hashsum ? new Hashsums(asked) : undefined;
  }

  private constructor(asked: AskedHashsums) {
    this.#asked = asked;
    const types = new Set(asked.calcHashsums);
    if (asked.hashsum) types.add(asked.hashsum.type);
    this.#hashes = new Map([...types].map((type) => [type, createHash(type)]));
  }

  update(data: Uint8Array): void {
    for (const hash of this.#hashes.values()) hash.update(data);
  }

  /**
   * The sums to tell, as JSON text; undefined where there are none. To be called once, at the end.
   *
   * @throws RequestError HASHSUM_MISMATCH
   */
  finish(): string | undefined {
    const sums = new Map([...this.#hashes].map(([type, hash]) => [type, hash.digest('hex')]));
    const { calcHashsums, hashsum } = this.#asked;
    if (hashsum && sums.get(hashsum.type) !== hashsum.sum) {
      const is = sums.get(hashsum.type);
      throw new RequestError('HASHSUM_MISMATCH', `its ${hashsum.type} is ${is}`);
    }
    if (calcHashsums.length === 0) return undefined;
    return JSON.stringify(Object.fromEntries(calcHashsums.map((type) => [type, sums.get(type)])));
  }
}
