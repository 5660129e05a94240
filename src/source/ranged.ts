import { RequestError } from '../errors.ts';
import type { ByteRange, Chunk } from '../native.ts';
import type { Ask, Download } from './download.ts';
import { SourceChanged } from './errors.ts';
import type { Response } from './exchange.ts';
import { checkFileSize } from './file-size.ts';
import { isSameVersion, judge, totalOf, type Validators, validatorsOf } from './http-response.ts';
import { planRequests, toRangeField } from './range.ts';
import { readOn, type SequentialLimits } from './sequential.ts';
import type { Headers, Source, SourceCost } from './source.ts';

/** Requests for one file that are under way at once. */
const MAX_PARALLEL = 4;

/** Requests for one range, where the origin gives less than it was asked for each time. */
const MAX_CONTINUATIONS = 16;

/** Ways to ask for a range: as it should be, without If-Range, without Range. */
const MAX_WAYS = 3;

/** A file from an origin that knows ranges. */
export class RangedSource implements Source {
  readonly seekable = true;
  readonly contentType: string | undefined;
  readonly originHeaders: Headers;
  readonly cost: SourceCost;
  #download: Download;
  #limits: SequentialLimits;
  #validators: Validators;
  #ifRange: string | undefined;
  #size: number | undefined;

  /** @param response The first one, which shows the version that all others must be of. */
  constructor(
    download: Download,
    response: Response,
    contentType: string | undefined,
    limits: SequentialLimits,
  ) {
    this.contentType = contentType;
    this.originHeaders = response.headers;
    this.cost = download.cost;
    this.#download = download;
    this.#limits = limits;
    this.#validators = validatorsOf(response);
    this.#ifRange = this.#validators.ifRange;
    this.#size = totalOf(response);
  }

  get size(): number | undefined {
    return this.#size;
  }

  get etag(): string | undefined {
    return this.#validators.etag;
  }

  get lastModified(): string | undefined {
    return this.#validators.lastModified;
  }

  get validator(): string | undefined {
    return this.#download.redirected ? undefined : this.#ifRange;
  }

  async read(ranges: readonly ByteRange[]): Promise<Chunk[]> {
    const requests = planRequests(ranges, this.#size);
    if (requests.length === 0) return [];
    return this.#download.within(() => this.#fetchAll(requests));
  }

  close(): void {
    this.#download.close();
  }

  async #fetchAll(requests: readonly ByteRange[]): Promise<Chunk[]> {
    const chunks: Chunk[] = [];
    const waiting = [...requests];
    const work = async (): Promise<void> => {
      try {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          await this.#fetch(next, chunks);
        }
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    };
    await Promise.all(Array.from({ length: MAX_PARALLEL }, work));
    return chunks;
  }

  // An origin may give less than it is asked for (RFC 9110, 15.3.7), and then is asked for the rest.
  async #fetch({ offset, length }: ByteRange, into: Chunk[]): Promise<void> {
    const end = offset + length;
    let from = offset;
    for (let times = 0; times < MAX_CONTINUATIONS; times++) {
      const reached = await this.#ask({ offset: from, length: end - from }, into);
      if (reached === undefined || reached >= end) return;
      if (this.#size !== undefined && reached >= this.#size) return;
      from = reached;
    }
    throw new RequestError('SOURCE_INCOMPLETE', 'the origin gives ranges in too small parts');
  }

  /** Asks for one range; says how far it came, or undefined where there is no more to come. */
  async #ask(range: ByteRange, into: Chunk[]): Promise<number | undefined> {
    let ask: Ask = { range: toRangeField(range), ifRange: this.#ifRange };
    for (let ways = 0; ways < MAX_WAYS; ways++) {
      const response = await this.#download.get(ask);
      try {
        const asked = ask.range === undefined ? undefined : range;
        const verdict = judge(response, asked, this.#download.target);
        if (verdict === 'useless' && !this.#isPastUnknownEnd(response)) {
          ask = {};
        } else if (verdict === 'whole' && ask.ifRange !== undefined) {
          // The file changed, or the origin takes no validator for the one that it gave.
          this.#checkVersion(response);
          this.#ifRange = undefined;
          ask = { range: ask.range };
        } else {
          this.#checkVersion(response);
          if (verdict === 'part') return await this.#readPart(response, range, into);
          if (verdict === 'whole') await this.#readWhole(response, range, into);
          return undefined;
        }
      } finally {
        response.dispose();
      }
    }
    throw new RequestError('SOURCE_UNREACHABLE', 'the origin gives its file in no way');
  }

  // Where the size was never said, a 416 says no more than that the file has ended.
  #isPastUnknownEnd({ status, contentRange }: Response): boolean {
    return status === 416 && contentRange === undefined && this.#size === undefined;
  }

  async #readPart(response: Response, range: ByteRange, into: Chunk[]): Promise<number> {
    const { body, contentRange } = response;
    const last = contentRange && 'last' in contentRange ? contentRange.last : 0;
    const end = Math.min(range.offset + range.length, last + 1);
    const chunks = await body.read([{ offset: range.offset, length: end - range.offset }]);
    if (body.position < end) throw body.failure ?? endedEarly();
    for (const chunk of chunks) into.push(chunk);
    return end;
  }

  async #readWhole(response: Response, range: ByteRange, into: Chunk[]): Promise<void> {
    const chunks = await readOn(response.body, [range], this.#size, this.#limits);
    for (const chunk of chunks) into.push(chunk);
  }

  /** @throws SourceChanged */
  #checkVersion(response: Response): void {
    const total = totalOf(response);
    if (total !== undefined && this.#size !== undefined && total !== this.#size) {
      throw new SourceChanged(`the file had ${this.#size} bytes and now has ${total}`);
    }
    if (response.status < 300 && !isSameVersion(this.#validators, validatorsOf(response))) {
      throw new SourceChanged('the file has other validators now');
    }
    this.#size ??= total;
    checkFileSize(this.#size, this.#limits.maxFileSize);
  }
}

function endedEarly(): RequestError {
  return new RequestError('SOURCE_INCOMPLETE', 'the part ended early');
}
