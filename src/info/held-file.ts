import { RequestError } from '../errors.ts';
import type { Extend } from './memory-budget.ts';

/** What is allocated for the first bytes of a file: it may be that no more are held of it. */
const FIRST = 256 * 1024;

/** Holds a file that comes from its first byte to its last, in one piece of memory. */
export class HeldFile {
  readonly #maxBytes: number;
  #held: Buffer | undefined;
  #bytes = 0;
  #overflown = false;
  #extend: Extend = () => {};

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Has what is held, and all that comes, counted; `add` then throws what `extend` throws. */
  countBy(extend: Extend): void {
    this.#extend = extend;
    if (this.#held) extend(this.#held.length);
  }

  /** @param size Bytes of the whole file, where they are known. */
  add(data: Uint8Array, size: number | undefined): void {
    const end = this.#bytes + data.length;
    if (this.#overflown || Math.max(end, size ?? 0) > this.#maxBytes) {
      this.drop();
      this.#overflown = true;
      return;
    }
    if (!this.#held) this.#grow(Math.max(end, Math.min(size ?? FIRST, FIRST)));
    else if (this.#held.length < end)
      this.#grow(Math.max(end, size ?? Math.min(2 * end, this.#maxBytes)));
    this.#held?.set(data, this.#bytes);
    this.#bytes = end;
  }

  /** @throws RequestError INVALID_SOURCE_IMAGE where the file is larger than what may be held */
  check(): void {
    if (this.#overflown) {
      throw new RequestError(
        'INVALID_SOURCE_IMAGE',
        `the file has more than the ${this.#maxBytes} bytes of which pixels are decoded`,
      );
    }
  }

  /** What came, of which no more is held from now on. Throws as {@link check}. */
  take(): Uint8Array {
    this.check();
    const held = this.#held?.subarray(0, this.#bytes) ?? new Uint8Array();
    this.drop();
    return held;
  }

  /** Holds nothing any more. */
  drop(): void {
    this.#held = undefined;
    this.#bytes = 0;
  }

  #grow(length: number): void {
    this.#extend(length);
    const grown = Buffer.allocUnsafeSlow(length);
    if (this.#held) grown.set(this.#held.subarray(0, this.#bytes));
    this.#held = grown;
  }
}
