/**
 * How V8 keeps its heap in a serving process. By itself it lets the young generation grow to three
 * times 16 MiB, and the old one to what a desktop's memory allows: a process that holds 15 MB comes
 * to 100 MB of heap, most of it garbage.
 */
const HEAP: Readonly<Record<string, string>> = {
  // MiB, two of which there are, rounded up to a power of two. What lives is copied in each
  // collection: hundreds of requests under way want it larger, a processor's caches want it smaller.
  '--max-semi-space-size': '8',
  // MiB, buffers included; under it no garbage of the old generation is collected.
  '--initial-old-space-size': '40',
  // By how much of what lives it may grow from one such collection to the next.
  '--heap-growing-percent': '30',
};

/**
 * How glibc keeps its heap (mallopt(3)): an arena in place of one a thread, as the event loop's thread
 * does nearly all of the work, and what is free at the end goes back to the system. A threshold that
 * is set is one that does not grow by itself.
 */
const MALLOC: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: String(128 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(1024 * 1024),
};

/** How a serving process is started. */
export interface Thrift {
  execArgv: string[];
  env: NodeJS.ProcessEnv;
}

/**
 * Has a serving process be thrifty with memory. What the operator says wins: on the command line, in
 * `NODE_OPTIONS` or in the environment.
 *
 * @param execArgv The options of Node that the supervisor itself was started with.
 * @param env The supervisor's environment.
 */
export function toThrift(execArgv: readonly string[], env: NodeJS.ProcessEnv): Thrift {
  // V8 takes an underscore for a hyphen.
  const said = (env['NODE_OPTIONS'] ?? '').replaceAll('_', '-');
  const heap = Object.entries(HEAP).filter(([name]) => !said.includes(name));
  return {
    // Of an option that is said twice, the last word counts.
    execArgv: [...heap.map(([name, value]) => `${name}=${value}`), ...execArgv],
    env: { ...MALLOC, ...env },
  };
}
