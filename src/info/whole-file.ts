import type { ByteRange, Chunk } from '../native.ts';
import type { Opened, Source, Take } from '../source/source.ts';
import type { Readable } from './peek.ts';

/** Bytes that an unseekable source is asked for at a time. */
const PIECE = 256 * 1024;

/**
 * A source that is read from its first byte to its last, beside what a peek reads of it. What the
 * peek reads is not fetched again where it comes in order. An unseekable source cannot go back, so
 * that all of it is taken on the way to what the peek asks for.
 */
export class WholeFile implements Readable {
  readonly #source: Source;
  readonly #take: Take;
  /** Where the next byte stands that is to be taken. */
  #at = 0;

  /** @param take Takes the bytes of the file in order. */
  constructor({ source, first }: Opened, take: Take) {
    this.#source = source;
    this.#take = take;
    this.#follow(first);
  }

  get size(): number | undefined {
    return this.#source.size;
  }

  async read(ranges: readonly ByteRange[]): Promise<Chunk[]> {
    if (!this.#source.seekable) return this.#readOn(ranges);
    const chunks = await this.#source.read(ranges);
    this.#follow(chunks);
    return chunks;
  }

  /**
   * Takes the rest.
   *
   * @returns Whether there was one to fetch.
   */
  async finish(): Promise<boolean> {
    const from = this.#at;
    if (from !== this.size) await this.#source.pass(from, (data) => this.#next(data));
    return this.#at > from;
  }

  async #readOn(ranges: readonly ByteRange[]): Promise<Chunk[]> {
    const end = Math.max(...ranges.map(({ offset, length }) => offset + length));
    const kept: Chunk[] = [];
    for (let from = -1; from < this.#at && this.#at < end; ) {
      from = this.#at;
      const piece = { offset: from, length: Math.min(PIECE, end - from) };
      const chunks = await this.#source.read([piece]);
      this.#follow(chunks);
      kept.push(...chunks.filter((chunk) => ranges.some((range) => overlaps(chunk, range))));
    }
    return kept;
  }

  #follow(chunks: readonly Chunk[]): void {
    for (const { offset, data } of chunks) {
      const end = offset + data.length;
      if (offset <= this.#at && this.#at < end) this.#next(data.subarray(this.#at - offset));
    }
  }

  #next(data: Uint8Array): void {
    this.#at += data.length;
    this.#take(data);
  }
}

function overlaps({ offset, data }: Chunk, range: ByteRange): boolean {
  return offset < range.offset + range.length && range.offset < offset + data.length;
}
