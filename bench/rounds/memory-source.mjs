import { planRequests } from '../../dist/source/range.js';

/** A source over a file in memory that counts what an HTTP origin would be asked for. */
export class MemorySource {
  contentType = undefined;
  etag = undefined;
  lastModified = undefined;
  seekable = true;
  cost;
  #file;

  /** @param firstRange Bytes that the first request brings. */
  constructor(file, firstRange) {
    this.#file = file;
    this.cost = { requests: 1, bytes: Math.min(firstRange, file.length) };
    this.first = [{ offset: 0, data: file.subarray(0, firstRange) }];
  }

  get size() {
    return this.#file.length;
  }

  async read(ranges) {
    const requests = planRequests(ranges, this.size);
    this.cost.requests += requests.length;
    return requests.map(({ offset, length }) => {
      this.cost.bytes += length;
      return { offset, data: this.#file.subarray(offset, offset + length) };
    });
  }

  close() {}
}
