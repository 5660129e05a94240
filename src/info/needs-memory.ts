import { LRUCache } from 'lru-cache';
import type { ByteRange } from '../native.ts';
import { mergeRanges } from '../source/range.ts';
import type { Foreseen, Source } from '../source/source.ts';

/** Bytes that the memory takes, as it reckons: the characters of a key, and what goes with them. */
const MAX_SIZE = 4 * 1024 * 1024;
const SIZE_OF_ENTRY = 500;

/** Bounds on what is remembered of one file: more would cost its origin more than a round trip. */
const MAX_RANGES = 4;
const MAX_BYTES = 512 * 1024;

/**
 * Which ranges of a file were needed beside the first, so that the next question about it can ask
 * for all of them at once. It holds numbers alone: bytes are fetched anew each time, and tied to
 * the version of the file.
 */
export class NeedsMemory {
  #known = new LRUCache<string, Foreseen>({
    maxSize: MAX_SIZE,
    sizeCalculation: (_, key) => key.length + SIZE_OF_ENTRY,
  });

  /** @param key The file's URL, and what is asked of it. */
  recall(key: string): Foreseen | undefined {
    return this.#known.get(key);
  }

  /**
   * Keeps what an answer took.
   *
   * @param version That which the answer is about; without a validator nothing is foreseen of it.
   * @param needs The ranges that were fetched beside those that were recalled.
   */
  learn(
    key: string,
    { validator, size }: Pick<Source, 'validator' | 'size'>,
    needs: readonly ByteRange[],
  ): void {
    const known = this.#known.peek(key);
    const isSame = known !== undefined && known.validator === validator;
    if (needs.length === 0 && (isSame || !known)) return;
    const ranges = mergeRanges([...(isSame ? known.ranges : []), ...needs], undefined);
    const bytes = ranges.reduce((sum, { length }) => sum + length, 0);
    const fits = ranges.length > 0 && ranges.length <= MAX_RANGES && bytes <= MAX_BYTES;
    if (validator !== undefined && fits) this.#known.set(key, { validator, size, ranges });
    else this.#known.delete(key);
  }
}
