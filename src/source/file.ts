import { createHash } from 'node:crypto';
import { constants, promises as fs } from 'node:fs';
import { posix } from 'node:path';
import type { CancelSignal } from '../cancel.ts';
import { type ErrorCode, RequestError } from '../errors.ts';
import type { ByteRange, Chunk } from '../native.ts';
import { codeOf, isExhausted, toAbortError } from './errors.ts';
import { checkFileSize } from './file-size.ts';
import { mergeRanges } from './range.ts';
import type { Opened, OpenOptions, Source, SourceCost, SourceOpener, Take } from './source.ts';

/** How local files are opened. */
export interface FileOptions {
  /** Directory that `local:///` stands for. */
  root: string;
  /** What cuts off a query in a source URL; empty for nothing. */
  querySeparator?: string;
  /** Bytes that a file may have; 0 for no limit. */
  maxFileSize: number;
}

// Opening a FIFO must not wait for its writer, nor a terminal become ours. The path is free of links
// when it is opened; one that appears at its end since is not followed.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW;

/** Bytes that are read into one buffer at most. */
const PIECE = 64 * 1024 * 1024;

/**
 * The same where they are handed on and not kept: whoever takes them may hash them on the event loop,
 * where other requests wait meanwhile.
 */
const PASSED = 64 * 1024;

/** Opens `local:///` sources: regular files below a root. */
export class FileOpener implements SourceOpener {
  #options: FileOptions;

  constructor(options: FileOptions) {
    this.#options = options;
  }

  /** @param url Its path is taken as it is: what was percent-encoded in it was decoded before. */
  async open(url: string, options: OpenOptions): Promise<Opened> {
    const name = this.#nameOf(url);
    try {
      return await this.#open(name, options);
    } catch (error) {
      throw toFileError(error, name, 'SOURCE_UNREACHABLE');
    }
  }

  async #open(name: string, options: OpenOptions): Promise<Opened> {
    const path = await this.#resolve(name);
    if (options.signal.aborted) throw toAbortError(options.signal);
    const handle = await fs.open(path, FLAGS);
    try {
      const stat = await handle.stat({ bigint: true });
      if (!stat.isFile()) throw unreachable(name, 'is no regular file');
      const source = new FileSource(handle, name, stat, options.signal);
      checkFileSize(source.size, options.maxFileSize ?? this.#options.maxFileSize);
      const first = await source.read([{ offset: 0, length: options.firstRange }]);
      return { source, first };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  #nameOf(url: string): string {
    const path = url.replace(/^local:\/\//i, '');
    const separator = this.#options.querySeparator ?? '?';
    const end = separator === '' ? -1 : path.indexOf(separator);
    const name = end < 0 ? path : path.slice(0, end);
    if (!name.startsWith('/') || name.includes('\0')) {
      throw new RequestError('INVALID_SOURCE_URL', 'the source URL is malformed');
    }
    return name;
  }

  // A link may point anywhere: where it really ends is what counts.
  async #resolve(name: string): Promise<string> {
    const [root, path] = await Promise.all([
      fs.realpath(this.#options.root),
      fs.realpath(this.#options.root + posix.normalize(name)),
    ]);
    const below = root.endsWith('/') ? root : `${root}/`;
    if (!path.startsWith(below)) throw unreachable(name, 'leads out of the root');
    return path;
  }
}

class FileSource implements Source {
  readonly size: number;
  readonly contentType = undefined;
  readonly originHeaders = {};
  readonly lastModified: string;
  readonly seekable = true;
  readonly exclusive = true;
  readonly cost: SourceCost = { requests: 0, bytes: 0 };
  #handle: fs.FileHandle;
  #signal: CancelSignal;
  #name: string;
  #tag: string;
  #closed = false;

  constructor(
    handle: fs.FileHandle,
    name: string,
    { size, mtime, mtimeNs }: { size: bigint; mtime: Date; mtimeNs: bigint },
    signal: CancelSignal,
  ) {
    this.#handle = handle;
    this.#signal = signal;
    this.#name = name;
    this.#tag = `${name}__${size}__${mtimeNs}`;
    this.size = Number(size);
    this.lastModified = mtime.toUTCString();
  }

  get etag(): string {
    return `"${createHash('sha256').update(this.#tag).digest('base64url')}"`;
  }

  async read(ranges: readonly ByteRange[]): Promise<Chunk[]> {
    const chunks: Chunk[] = [];
    for (const { offset, length } of mergeRanges(ranges, this.size)) {
      for (let read = 0; read < length; read += PIECE) {
        const piece = { offset: offset + read, length: Math.min(PIECE, length - read) };
        const chunk = await this.#read(piece);
        if (chunk.data.length > 0) chunks.push(chunk);
      }
    }
    return chunks;
  }

  async pass(offset: number, take: Take): Promise<void> {
    // One for all of them: a new one costs more than the reading.
    const buffer = Buffer.allocUnsafeSlow(Math.min(PASSED, Math.max(0, this.size - offset)));
    for (let at = offset; at < this.size; ) {
      const piece = { offset: at, length: Math.min(buffer.length, this.size - at) };
      const { data } = await this.#read(piece, buffer);
      if (data.length === 0) throw new RequestError('SOURCE_INCOMPLETE', `${this.#name} shrank`);
      take(data);
      at += data.length;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // It waits for reads that are under way. That closing fails concerns nobody.
    this.#handle.close().catch(() => {});
  }

  // A file may shrink while it is read.
  async #read(
    { offset, length }: ByteRange,
    data: Buffer = Buffer.allocUnsafeSlow(length),
  ): Promise<Chunk> {
    let filled = 0;
    this.cost.requests++;
    while (filled < length) {
      if (this.#signal.aborted) throw toAbortError(this.#signal);
      const bytesRead = await this.#readAt(data.subarray(filled, length), offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.cost.bytes += filled;
    return { offset, data: data.subarray(0, filled) };
  }

  async #readAt(data: Buffer, position: number): Promise<number> {
    try {
      return (await this.#handle.read(data, 0, data.length, position)).bytesRead;
    } catch (error) {
      throw toFileError(error, this.#name, 'SOURCE_INCOMPLETE');
    }
  }
}

function toFileError(error: unknown, name: string, code: ErrorCode): RequestError {
  if (error instanceof RequestError) return error;
  const own = isExhausted(error);
  const detail = `${name}: ${codeOf(error)}`;
  return new RequestError(own ? 'INTERNAL' : code, detail, { cause: error });
}

function unreachable(name: string, why: string): RequestError {
  return new RequestError('SOURCE_UNREACHABLE', `${name} ${why}`);
}
