import { RequestError } from '../../src/errors.ts';
import type { Chunk } from '../../src/native.ts';
import { HttpOpener, type HttpOptions } from '../../src/source/http.ts';
import type { Opened, OpenOptions, SourceOpener } from '../../src/source/source.ts';

/** The first range of the tests. */
export const FIRST = 16 * 1024;

/** Configuration for origins on loopback. */
export const LOOPBACK: HttpOptions = {
  downloadTimeout: 5_000,
  maxRedirects: 10,
  userAgent: 'imgpeek/test',
  customRequestHeaders: {},
  ignoreSslVerification: false,
  allowLoopbackAddresses: true,
  allowLinkLocalAddresses: false,
  allowPrivateAddresses: true,
  allowedSources: () => true,
  keepAliveTimeout: 90_000,
  maxReadOn: 1024 * 1024,
  maxFileSize: 0,
};

/** Bytes in which each place can be told from its neighbours. */
export function patterned(length: number): Buffer {
  const file = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) file.writeUInt32BE((at * 2654435761) >>> 0, at);
  return file;
}

export function open(
  opener: SourceOpener,
  url: string,
  options: Partial<OpenOptions> = {},
): Promise<Opened> {
  return opener.open(url, {
    firstRange: FIRST,
    signal: new AbortController().signal,
    ...options,
  });
}

/** The bytes of `[offset, offset + length)` that the chunks hold; throws where one is missing. */
export function held(chunks: readonly Chunk[], offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const covered = new Uint8Array(length);
  for (const chunk of chunks) {
    const from = Math.max(offset, chunk.offset);
    const to = Math.min(offset + length, chunk.offset + chunk.data.length);
    if (to <= from) continue;
    bytes.set(chunk.data.subarray(from - chunk.offset, to - chunk.offset), from - offset);
    covered.fill(1, from - offset, to - offset);
  }
  const missing = covered.indexOf(0);
  if (missing >= 0) throw new Error(`byte ${offset + missing} is not held`);
  return bytes;
}

/** Checks that chunks hold `[offset, offset + length)` of a file. */
export function expectHeld(
  chunks: readonly Chunk[],
  file: Uint8Array,
  offset: number,
  length: number,
): void {
  const same = held(chunks, offset, length).equals(file.subarray(offset, offset + length));
  if (!same) throw new Error(`other bytes are held from ${offset} on`);
}

export function bytesOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { data }) => sum + data.length, 0);
}

/** What a promise fails with, as the client and the log see it. */
export async function failureOf(promise: Promise<unknown>): Promise<RequestError> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof RequestError) return error;
  throw error;
}

/** Makes openers and closes them after each test. */
export function openers(): {
  make: (options?: Partial<HttpOptions>) => HttpOpener;
  close: () => Promise<void>;
} {
  const made: HttpOpener[] = [];
  return {
    make: (options = {}) => {
      const opener = new HttpOpener({ ...LOOPBACK, ...options });
      made.push(opener);
      return opener;
    },
    close: async () => {
      await Promise.all(made.splice(0).map((opener) => opener.close()));
    },
  };
}

/** Waits until something is so, for ten seconds at most. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; waited < 10_000 && !isSo(); waited += 10) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (!isSo()) throw new Error('it never came to be');
}
