import type { Chunk } from '../native.ts';

/** Pieces under this are put together: an origin may send a byte at a time. */
const SMALL = 4 * 1024;

/** What small pieces are put together in: doubled as they come, as many may never come to much. */
const FIRST_BLOCK = 256;
const BLOCK = 16 * 1024;

/** Gathers the pieces of a body. Large ones are kept as they come, without a copy. */
export class Pieces {
  #chunks: Chunk[] = [];
  #bytes = 0;
  #block: Uint8Array | undefined;

  get bytes(): number {
    return this.#bytes;
  }

  add(offset: number, data: Uint8Array): void {
    this.#bytes += data.length;
    const last = this.#chunks.at(-1);
    if (last && data.length < SMALL && last.offset + last.data.length === offset) {
      if (this.#append(last, data)) return;
    }
    this.#block = undefined;
    this.#chunks.push({ offset, data });
  }

  /** Hands the chunks over and begins anew. */
  take(): Chunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#bytes = 0;
    this.#block = undefined;
    return chunks;
  }

  #append(last: Chunk, data: Uint8Array): boolean {
    const filled = last.data.length;
    const length = filled + data.length;
    if (length > BLOCK || (!this.#block && filled >= SMALL)) return false;
    let block = this.#block;
    if (!block || block.length < length) {
      let size = block?.length ?? FIRST_BLOCK;
      while (size < length) size *= 2;
      block = new Uint8Array(size);
      block.set(last.data);
      this.#block = block;
    }
    block.set(data, filled);
    last.data = block.subarray(0, length);
    return true;
  }
}
