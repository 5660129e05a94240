import type { RequestError } from '../errors.ts';
import type { ByteRange, Chunk } from '../native.ts';
import { Pieces } from './pieces.ts';

/** Bytes that may arrive before anyone reads them; then the origin has to wait. */
const READ_AHEAD = 64 * 1024;

/** What brings the bytes. */
export interface Flow {
  pause(): void;
  /** May push before it returns. */
  resume(): void;
}

/** What takes the bytes of a response. One of `end` and `fail` comes last, and once. */
export interface Sink {
  push(data: Uint8Array): void;
  end(): void;
  fail(error: RequestError): void;
}

interface Read {
  /** In order and disjoint. */
  ranges: readonly ByteRange[];
  /** Index of the first range that is not passed yet. */
  next: number;
  /** Where the last range ends. */
  until: number;
  pieces: Pieces;
  resolve: (chunks: Chunk[]) => void;
}

/**
 * The body of a response, read forwards: what is asked for is kept, what lies before it is dropped,
 * and what nobody has asked for yet stays with the origin.
 */
export class Body implements Sink {
  #flow: Flow;
  #arrived: number;
  #stop: number;
  #unread = new Pieces();
  #read: Read | undefined;
  #paused = false;
  #ended = false;
  #failure: RequestError | undefined;

  /**
   * @param start Where in the file the body begins.
   * @param stop Where in the file it must end; what comes beyond is dropped.
   */
  constructor(flow: Flow, start = 0, stop = Number.POSITIVE_INFINITY) {
    this.#flow = flow;
    this.#arrived = start;
    this.#stop = stop;
  }

  /** Where in the file the next byte will stand that is read. */
  get position(): number {
    return this.#arrived - this.#unread.bytes;
  }

  /** Where the body ended, once it has. */
  get endedAt(): number | undefined {
    return this.#ended ? this.#arrived : undefined;
  }

  /** Why there will be no more of it. */
  get failure(): RequestError | undefined {
    return this.#failure;
  }

  /**
   * Reads on to the end of the last range. Comes short where the body ends or fails: see `endedAt`
   * and `failure`. One read at a time.
   *
   * @param ranges In order and disjoint.
   * @param limit Where to stop in any case.
   */
  read(ranges: readonly ByteRange[], limit = Number.POSITIVE_INFINITY): Promise<Chunk[]> {
    if (this.#read) throw new Error('a body is read by one reader at a time');
    const reachable = ranges.filter(({ offset }) => offset < limit);
    const last = reachable.at(-1);
    const until = last ? Math.min(last.offset + last.length, limit) : 0;
    return new Promise((resolve) => {
      this.#read = { ranges: reachable, next: 0, until, pieces: new Pieces(), resolve };
      for (const { offset, data } of this.#unread.take()) this.#place(offset, data);
      this.#settleIfDone(this.position);
      if (this.#read) this.#resume();
    });
  }

  push(data: Uint8Array): void {
    const room = this.#stop - this.#arrived;
    const fitting = data.length > room ? data.subarray(0, room) : data;
    if (fitting.length === 0) return;
    const offset = this.#arrived;
    this.#arrived += fitting.length;
    this.#place(offset, fitting);
    this.#settleIfDone(this.#arrived);
    if (this.#unread.bytes >= READ_AHEAD && !this.#paused) {
      this.#paused = true;
      this.#flow.pause();
    }
  }

  end(): void {
    this.#ended = true;
    this.#settle();
  }

  fail(error: RequestError): void {
    this.#failure ??= error;
    this.#settle();
  }

  #place(offset: number, data: Uint8Array): void {
    const read = this.#read;
    if (!read || offset >= read.until) {
      this.#unread.add(offset, data);
      return;
    }
    let range = read.ranges[read.next];
    while (range && range.offset + range.length <= offset) range = read.ranges[++read.next];
    if (range && range.offset < offset + data.length) read.pieces.add(offset, data);
  }

  #settleIfDone(position: number): void {
    if (!this.#read) return;
    if (position >= this.#read.until || this.#ended || this.#failure) this.#settle();
  }

  #settle(): void {
    const read = this.#read;
    this.#read = undefined;
    read?.resolve(read.pieces.take());
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#flow.resume();
  }
}
