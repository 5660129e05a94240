import type { ByteRange, Chunk } from '../native.ts';
import type { Body } from './body.ts';
import type { Download } from './download.ts';
import { endedEarly } from './errors.ts';
import type { Response } from './exchange.ts';
import { checkFileSize } from './file-size.ts';
import { totalOf, validatorsOf } from './http-response.ts';
import { passOn } from './pass.ts';
import { mergeRanges } from './range.ts';
import type { Headers, Source, SourceCost, Take } from './source.ts';

/** What a sequential source must not pass. */
export interface SequentialLimits {
  /** Bytes from the file's start that are read on to at most. */
  maxReadOn: number;
  /** Bytes of the whole file; 0 for no limit. */
  maxFileSize: number;
}

/**
 * A file from an origin that knows no ranges. It is read on in the one response, as far as is
 * needed; it is never asked for again.
 */
export class SequentialSource implements Source {
  readonly seekable = false;
  readonly contentType: string | undefined;
  readonly originHeaders: Headers;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly cost: SourceCost;
  #download: Download;
  #response: Response;
  #limits: SequentialLimits;
  #length: number | undefined;

  constructor(
    download: Download,
    response: Response,
    contentType: string | undefined,
    limits: SequentialLimits,
  ) {
    const { etag, lastModified } = validatorsOf(response);
    this.contentType = contentType;
    this.originHeaders = response.headers;
    this.etag = etag;
    this.lastModified = lastModified;
    this.cost = download.cost;
    this.#download = download;
    this.#response = response;
    this.#limits = limits;
    this.#length = totalOf(response);
  }

  get size(): number | undefined {
    return this.#length ?? this.#response.body.endedAt;
  }

  get exclusive(): boolean {
    return this.#download.exclusive;
  }

  async read(ranges: readonly ByteRange[]): Promise<Chunk[]> {
    return this.#download.within(() =>
      readOn(this.#response.body, ranges, this.#length, this.#limits),
    );
  }

  async pass(offset: number, take: Take): Promise<void> {
    await this.#download.within(async () => {
      const { body } = this.#response;
      const { maxFileSize } = this.#limits;
      const reached = await passOn(body, offset, this.#length ?? Infinity, (data, end) => {
        checkFileSize(end, maxFileSize);
        take(data);
      });
      if (body.failure) throw body.failure;
      if (this.#length !== undefined && reached < this.#length) throw endedEarly();
    });
  }

  close(): void {
    this.#response.dispose();
    this.#download.close();
  }
}

/**
 * Reads ranges of a body that begins with the file's first byte.
 *
 * @param length Bytes of the file, if known.
 * @throws RequestError SOURCE_INCOMPLETE where the body breaks off before the ranges' end,
 * INVALID_SOURCE_IMAGE where it proves too long
 */
export async function readOn(
  body: Body,
  ranges: readonly ByteRange[],
  length: number | undefined,
  { maxReadOn, maxFileSize }: SequentialLimits,
): Promise<Chunk[]> {
  const wanted = mergeRanges(ranges, length);
  const last = wanted.findLast(({ offset }) => offset < maxReadOn);
  if (!last) return [];
  const until = Math.min(last.offset + last.length, maxReadOn);
  const chunks = await body.read(wanted, maxReadOn);
  checkFileSize(body.position, maxFileSize);
  if (body.position < until) {
    if (body.failure) throw body.failure;
    if (length !== undefined) throw endedEarly();
  }
  return chunks;
}
