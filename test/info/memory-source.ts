import type { ByteRange, Chunk } from '../../src/native.ts';
import type { Opened, Source, Take } from '../../src/source/source.ts';

/** A source over bytes in memory, with a record of what was read. */
export class MemorySource implements Source {
  readonly contentType = undefined;
  readonly originHeaders = {};
  readonly etag = undefined;
  readonly lastModified = undefined;
  readonly cost = { requests: 1, bytes: 0 };
  readonly reads: ByteRange[][] = [];
  /** Where each passing on began. */
  readonly passes: number[] = [];
  readonly seekable: boolean;
  readonly #file: Uint8Array;
  readonly #limit: number;

  /** @param limit Bytes from this offset on never come, as if the origin had broken off. */
  constructor(file: Uint8Array, limit = file.length, seekable = true) {
    this.seekable = seekable;
    this.#file = file;
    this.#limit = limit;
  }

  get size() {
    return this.#file.length;
  }

  async read(ranges: readonly ByteRange[]): Promise<Chunk[]> {
    this.reads.push([...ranges]);
    return ranges.map(({ offset, length }) => this.#chunk(offset, offset + length));
  }

  async pass(offset: number, take: Take): Promise<void> {
    this.passes.push(offset);
    take(this.#chunk(offset, this.#limit).data);
  }

  close() {}

  /** The source as its opener gives it, with the first `firstRange` bytes. */
  opened(firstRange: number): Opened {
    return { source: this, first: [this.#chunk(0, firstRange)] };
  }

  #chunk(offset: number, end: number): Chunk {
    return { offset, data: this.#file.subarray(offset, Math.min(end, this.#limit)) };
  }
}
