import * as zlib from 'node:zlib';
import { RequestError } from '../errors.ts';
import type { Flow, Sink } from './body.ts';
import { codeOf, toIncomplete } from './errors.ts';

/** Bytes that a decoder gives at a time. */
const PIECE = 64 * 1024;

type Transform = zlib.Gunzip | zlib.Inflate | zlib.InflateRaw | zlib.BrotliDecompress;

/** zlib as of Node 22.15, which knows Zstandard. */
interface ZlibWithZstd {
  createZstdDecompress?: (options: zlib.ZlibOptions) => Transform;
}

const OPTIONS = { chunkSize: PIECE };

// By the codings' names (RFC 9110, 8.4.1). undefined where the bytes are not what the field says:
// some origins name a coding that they do not use.
const DECODERS: Record<string, (first: Uint8Array) => Transform | undefined> = {
  gzip: (first) => (first[0] === 0x1f ? zlib.createGunzip(OPTIONS) : undefined),
  // RFC 1950, 2.2: compression method 8. Some origins send deflate without zlib's header.
  deflate: (first) =>
    ((first[0] as number) & 0x0f) === 8
      ? zlib.createInflate(OPTIONS)
      : zlib.createInflateRaw(OPTIONS),
  br: () => zlib.createBrotliDecompress(OPTIONS),
  zstd: () => {
    const create = (zlib as ZlibWithZstd).createZstdDecompress;
    if (!create) {
      throw new RequestError('INVALID_SOURCE_IMAGE', 'Content-Encoding zstd needs Node 22.15');
    }
    return create(OPTIONS);
  },
};

const SYNONYMS: Record<string, string> = { 'x-gzip': 'gzip' };

/**
 * The coding of a body by its Content-Encoding; undefined where it has none that hides the file.
 * What is no coding at all (`utf-8`, `aws-chunked`) is met in the wild and passed over.
 *
 * @throws RequestError INVALID_SOURCE_IMAGE where there are several
 */
export function parseContentEncoding(value: string | undefined): string | undefined {
  const codings = (value ?? '')
    .toLowerCase()
    .split(',')
    .map((token) => SYNONYMS[token.trim()] ?? token.trim())
    .filter((coding) => Object.hasOwn(DECODERS, coding));
  if (codings.length > 1) {
    throw new RequestError('INVALID_SOURCE_IMAGE', `Content-Encoding ${codings.join(', ')}`);
  }
  return codings[0];
}

/** Where the coded bytes come from. */
interface CodedFlow extends Flow {
  abort(): void;
}

/** Decodes a body on its way to a sink, no faster than the sink takes it. */
export class Decoder implements Sink, Flow {
  #coding: string;
  #source: CodedFlow;
  #sink: Sink | undefined;
  #transform: Transform | undefined;
  #bypass = false;
  #failure: RequestError | undefined;
  #paused = false;

  constructor(coding: string, source: CodedFlow) {
    this.#coding = coding;
    this.#source = source;
  }

  /** Says where the decoded bytes go; to be called before any come. */
  pipeTo(sink: Sink): void {
    this.#sink = sink;
  }

  push(data: Uint8Array): void {
    if (!this.#transform && !this.#bypass) this.#start(data);
    if (this.#failure) return;
    if (this.#bypass) this.#sink?.push(data);
    else if (!this.#transform?.write(data)) this.#source.pause();
  }

  end(): void {
    if (this.#transform) this.#transform.end();
    else this.#sink?.end();
  }

  // What came before the failure is decoded still: it may be all that is needed.
  fail(error: RequestError): void {
    this.#failure ??= error;
    if (this.#transform && !this.#transform.destroyed) this.#transform.end();
    else this.#sink?.fail(this.#failure);
  }

  pause(): void {
    this.#paused = true;
    if (this.#bypass) this.#source.pause();
    this.#transform?.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#bypass) this.#source.resume();
    this.#transform?.resume();
  }

  /** Lets go of the decoder, whatever was left in it. */
  destroy(): void {
    this.#transform?.destroy();
  }

  #start(first: Uint8Array): void {
    let transform: Transform | undefined;
    try {
      transform = DECODERS[this.#coding]?.(first);
    } catch (error) {
      this.#failure = toIncomplete(error, 'the origin');
      this.#sink?.fail(this.#failure);
      this.#source.abort();
      return;
    }
    this.#transform = transform;
    this.#bypass = transform === undefined;
    transform
      ?.on('data', (data: Buffer) => this.#sink?.push(data))
      .on('drain', () => this.#source.resume())
      .on('end', () => this.#finish())
      .on('error', (error) => this.#broken(error));
    if (this.#paused) this.pause();
  }

  #finish(): void {
    if (this.#failure) this.#sink?.fail(this.#failure);
    else this.#sink?.end();
  }

  #broken(error: Error): void {
    const own =
      codeOf(error) === 'Z_BUF_ERROR' // the coding's end is missing
        ? toIncomplete(error, 'the origin')
        : new RequestError('INVALID_SOURCE_IMAGE', `the body is no ${this.#coding}`);
    this.#sink?.fail(this.#failure ?? own);
    this.#source.abort();
  }
}
