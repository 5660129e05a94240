import type { CancelSignal } from '../cancel.ts';
import type { ByteRange, Chunk } from '../native.ts';

/** Fields of a response by lower-case name. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What a source cost its origin. */
export interface SourceCost {
  /** Requests made, redirects included. */
  requests: number;
  /** Bytes of bodies received. */
  bytes: number;
}

/** Takes the next bytes of a file. It keeps none: those that follow may lie in the same memory. */
export type Take = (data: Uint8Array) => void;

/** An opened file somewhere, of which parts can be read. */
export interface Source {
  /** Bytes of the whole file; undefined until they are known. */
  readonly size: number | undefined;
  /** The origin's Content-Type, without parameters and in lower case. */
  readonly contentType: string | undefined;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /**
   * A strong validator of the version that is read (RFC 9110, 8.8.1), where it has one and the URL
   * leads to the file itself: what is asked for later can be tied to that version.
   */
  readonly validator?: string | undefined;
  /** Fields of the origin's first answer, by lower-case name; none where it is no HTTP. */
  readonly originHeaders: Headers;
  /** False where the origin knows no ranges: `read()` then reads on in the same response. */
  readonly seekable: boolean;
  /** Whether nobody else has, or will have, the memory that the chunks lie in; absent: false. */
  readonly exclusive?: boolean;
  readonly cost: SourceCost;

  /**
   * Fetches ranges, at once where the source can. A range that passes the end of the file comes
   * short; one that lies past it, or that an unseekable source has gone past, does not come. Neither
   * does what an unseekable source will not read on to: it stops at a limit, and then `size` stays
   * undefined or is more than what came. Chunks may hold more than was asked for. One read at a time.
   *
   * @throws RequestError SOURCE_* where the origin fails, TIMEOUT where `signal` says so;
   * SourceChanged where the file is no longer the one that was opened.
   */
  read(ranges: readonly ByteRange[]): Promise<Chunk[]>;

  /**
   * Hands the file on from `offset` to its end, byte after byte and each once, without keeping it. An
   * unseekable source reads on however much it is; it must not have gone past `offset`. Throws as
   * `read()` does, and what `take` throws.
   */
  pass(offset: number, take: Take): Promise<void>;

  /** Gives up what is still under way. A source is closed once, whatever became of it. */
  close(): void;
}

/** Ranges that an earlier reading of a file took beside its first range. */
export interface Foreseen {
  /** Of the version that was read. */
  validator: string;
  /** Its bytes, where they are known. */
  size: number | undefined;
  ranges: readonly ByteRange[];
}

/** Cookies of the client's, for origins. */
export interface ClientCookies {
  /** The Cookie field. */
  field: string;
  /** The URL that they are for, as if it had set them; undefined: any. */
  base: string | undefined;
}

/** What opening a source takes. */
export interface OpenOptions {
  /** Bytes from the start of the file that the first request asks for. */
  firstRange: number;
  /** Aborts all of the source's work; its reason, if a RequestError, is what the caller gets. */
  signal: CancelSignal;
  /** Headers of the client's request that are handed on, by lower-case name. */
  headers?: Readonly<Record<string, string>>;
  cookies?: ClientCookies | undefined;
  /** Fields that name the trace; the answer does not depend on them. */
  trace?: Readonly<Record<string, string>> | undefined;
  /** Asked for together with the first range, where the source can, if they are of its version. */
  foreseen?: Foreseen | undefined;
  /** Bytes that the file may have, in place of the opener's own limit; 0 for no limit. */
  maxFileSize?: number;
}

/** An opened source, and what the first requests brought. */
export interface Opened {
  source: Source;
  first: Chunk[];
}

/** Opens source URLs of one scheme. */
export interface SourceOpener {
  /** @throws RequestError INVALID_SOURCE_URL, SOURCE_*, INVALID_SOURCE_IMAGE for a file too large */
  open(url: string, options: OpenOptions): Promise<Opened>;
}
