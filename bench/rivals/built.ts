import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CACHE, ROOT } from '../paths.ts';

const run = promisify(execFile);

/** How long a build may take, in ms. */
const BUILD_TIMEOUT = 15 * 60_000;

/** Where the rivals' programs are put. */
export const BIN = join(CACHE, 'bin');

/**
 * Builds a Go program of the module that `bench/rivals/go/NAME` pins, unless it is there already.
 * Its C parts take Debian's libvips-dev.
 *
 * @returns Why it cannot be built; undefined where it is ready.
 */
export async function buildGo(name: string, program: string): Promise<string | undefined> {
  if (existsSync(join(BIN, name))) return undefined;
  mkdirSync(BIN, { recursive: true });
  return tryTo('Go', 'go', ['build', '-o', join(BIN, name), program], {
    cwd: join(ROOT, 'bench/rivals/go', name),
  });
}

/**
 * Installs Python packages into an environment of their own, unless it is there already.
 *
 * @param requirements A file of pip's, below `bench/rivals`.
 * @returns Why they cannot be installed; undefined where they are ready.
 */
export async function installPython(
  folder: string,
  program: string,
  requirements: string,
): Promise<string | undefined> {
  if (existsSync(join(folder, 'bin', program))) return undefined;
  return (
    (await tryTo('Python', 'python3', ['-m', 'venv', folder])) ??
    (await tryTo('pip', join(folder, 'bin/pip'), [
      'install',
      '--quiet',
      '--requirement',
      join(ROOT, 'bench/rivals', requirements),
    ]))
  );
}

async function tryTo(
  tool: string,
  command: string,
  args: string[],
  options: { cwd?: string } = {},
): Promise<string | undefined> {
  try {
    await run(command, args, { ...options, timeout: BUILD_TIMEOUT });
    return undefined;
  } catch (error) {
    const { code, stderr, message } = error as Error & { code?: string; stderr?: string };
    if (code === 'ENOENT') return `${tool} is not there`;
    // Compilers and package managers say last what went wrong.
    return `${tool}: ${(stderr?.trim() || message).split('\n').slice(-2).join(' ')}`;
  }
}
