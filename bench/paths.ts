import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root: the sources and what is compiled of them stand at different depths. */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

/** What the benchmark makes for itself and may be deleted at any time. */
export const CACHE = join(ROOT, 'bench/.cache');

/** The files that the origins serve. */
export const FILES = join(CACHE, 'files');

/** A script of the benchmark that is compiled, such as `load/hang.js`. */
export function compiled(path: string): string {
  return join(ROOT, 'bench/dist', path);
}

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'bench/package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('the benchmark runs in a checkout of imgpeek alone');
  return findRoot(parent);
}
