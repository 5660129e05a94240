import { constants } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import type { Read } from './pace.ts';

/** Files up to this size are held in memory, so that the disk adds no time of its own. */
const HELD = 32 * 1024 * 1024;

/** A file that is open to be served. */
export interface OpenFile {
  size: number;
  etag: string;
  read: Read;
}

/** The files below a folder, each opened once. */
export class Files {
  #root: string;
  #open = new Map<string, Promise<OpenFile>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws Error where there is no such file. */
  open(path: string): Promise<OpenFile> {
    let file = this.#open.get(path);
    if (!file) {
      // A path made absolute first cannot climb out.
      file = openFile(join(this.#root, normalize(`/${path}`)));
      this.#open.set(path, file);
      file.catch(() => this.#open.delete(path));
    }
    return file;
  }
}

async function openFile(path: string): Promise<OpenFile> {
  const handle = await open(path, constants.O_RDONLY);
  const stat = await handle.stat();
  if (!stat.isFile()) throw new Error(`${path} is not a file`);
  const etag = `"${stat.size.toString(16)}-${Math.floor(stat.mtimeMs).toString(16)}"`;
  if (stat.size > HELD) return { size: stat.size, etag, read: readFrom(handle) };
  await handle.close();
  const bytes = await readFile(path);
  return {
    size: stat.size,
    etag,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}

function readFrom(handle: FileHandle): Read {
  return async (offset, length) => {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
}
