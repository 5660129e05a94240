import { RequestError } from '../errors.ts';
import type { ByteRange, Chunk } from '../native.ts';
import type { Body } from './body.ts';
import type { Ask, Download } from './download.ts';
import { endedEarly, SourceChanged } from './errors.ts';
import type { Response } from './exchange.ts';
import { checkFileSize } from './file-size.ts';
import { isSameVersion, judge, totalOf, type Validators, validatorsOf } from './http-response.ts';
import { passOn } from './pass.ts';
import { planRequests, toRangeField } from './range.ts';
import { readOn, type SequentialLimits } from './sequential.ts';
import type { Headers, Source, SourceCost, Take } from './source.ts';

/** Requests for one file that are under way at once. */
const MAX_PARALLEL = 4;

/** Requests for one range, where the origin gives less than it was asked for each time. */
const MAX_CONTINUATIONS = 16;

/** The same where all of the rest is asked for: some origins give a megabyte at a time. */
const MAX_PASS_CONTINUATIONS = 4_096;

/** Ways to ask for a range: as it should be, without If-Range, without Range. */
const MAX_WAYS = 3;

/** Does with a body what it is fetched for. */
interface Delivery {
  /** Of a body that has all from `from` to `to`, or fails. */
  part(body: Body, from: number, to: number): Promise<void>;
  /** Of a body that is the whole file. */
  whole(body: Body, range: ByteRange): Promise<void>;
}

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

  get exclusive(): boolean {
    return this.#download.exclusive;
  }

  async read(ranges: readonly ByteRange[]): Promise<Chunk[]> {
    const requests = planRequests(ranges, this.#size);
    if (requests.length === 0) return [];
    return this.#download.within(() => this.#fetchAll(requests));
  }

  async pass(offset: number, take: Take): Promise<void> {
    if (this.#size !== undefined && offset >= this.#size) return;
    const part = (body: Body, from: number, to: number) =>
      passOn(body, from, to, (data, end) => {
        checkFileSize(end, this.#limits.maxFileSize);
        take(data);
      });
    const delivery: Delivery = {
      part: async (body, from, to) => void (await part(body, from, to)),
      whole: async (body, range) => {
        const reached = await part(body, range.offset, this.#size ?? Number.POSITIVE_INFINITY);
        if (body.failure) throw body.failure;
        this.#size ??= body.endedAt;
        if (reached < (this.#size ?? 0)) throw endedEarly();
      },
    };
    const rest = { offset, length: Number.POSITIVE_INFINITY };
    await this.#download.within(() => this.#fetch(rest, delivery, MAX_PASS_CONTINUATIONS));
  }

  close(): void {
    this.#download.close();
  }

  async #fetchAll(requests: readonly ByteRange[]): Promise<Chunk[]> {
    const chunks: Chunk[] = [];
    const keep = (more: readonly Chunk[]) => {
      for (const chunk of more) chunks.push(chunk);
    };
    const delivery: Delivery = {
      part: async (body, from, to) => keep(await body.read([{ offset: from, length: to - from }])),
      whole: async (body, range) => keep(await readOn(body, [range], this.#size, this.#limits)),
    };
    const waiting = [...requests];
    const work = async (): Promise<void> => {
      try {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          await this.#fetch(next, delivery);
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
  async #fetch(
    { offset, length }: ByteRange,
    delivery: Delivery,
    continuations = MAX_CONTINUATIONS,
  ): Promise<void> {
    const end = offset + length;
    let from = offset;
    for (let times = 0; times < continuations; times++) {
      const reached = await this.#ask({ offset: from, length: end - from }, delivery);
      if (reached === undefined || reached >= end) return;
      if (this.#size !== undefined && reached >= this.#size) return;
      from = reached;
    }
    throw new RequestError('SOURCE_INCOMPLETE', 'the origin gives ranges in too small parts');
  }

  /** Asks for one range; says how far it came, or undefined where there is no more to come. */
  async #ask(range: ByteRange, delivery: Delivery): Promise<number | undefined> {
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
          if (verdict === 'part') return await this.#readPart(response, range, delivery);
          if (verdict === 'whole') await delivery.whole(response.body, range);
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

  async #readPart(response: Response, range: ByteRange, delivery: Delivery): Promise<number> {
    const { body, contentRange } = response;
    const last = contentRange && 'last' in contentRange ? contentRange.last : 0;
    const end = Math.min(range.offset + range.length, last + 1);
    await delivery.part(body, range.offset, end);
    if (body.position < end) throw body.failure ?? endedEarly();
    return end;
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
