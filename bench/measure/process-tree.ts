import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc/PID/stat: USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS = 100;

/** What a process and its descendants take. */
export interface Usage {
  /** Resident bytes of the whole: a page that several share counts once (PSS, proc(5)). */
  memory: number;
  /** Seconds of CPU since the start, in user and kernel mode; of children that ended too. */
  cpu: number;
}

/** A process' line in /proc/PID/stat, as far as it is used. See proc(5). */
interface Stat {
  pid: number;
  parent: number;
  cpu: number;
}

/** The process and all of its descendants that run now. */
export function listTree(pid: number): number[] {
  const all = readAll();
  const tree = [pid];
  // The tree grows under the loop: children of children are met in their turn.
  for (const member of tree) {
    for (const { pid: child, parent } of all) if (parent === member) tree.push(child);
  }
  return tree;
}

/** What the process and its descendants take now; those that have ended meanwhile count nothing. */
export function readUsage(pid: number): Usage {
  const usage = { memory: 0, cpu: 0 };
  for (const member of listTree(pid)) {
    usage.memory += readPss(member);
    usage.cpu += readStat(member)?.cpu ?? 0;
  }
  return usage;
}

/**
 * Does work, and samples the memory of a process tree meanwhile.
 *
 * @param samples Where they are put, in bytes, the first before the work and the last after it.
 */
export async function watchMemory<Result>(
  pid: number,
  samples: number[],
  work: () => Promise<Result>,
  interval = 500,
): Promise<Result> {
  const sample = () => samples.push(readUsage(pid).memory);
  sample();
  const timer = setInterval(sample, interval);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    sample();
  }
}

/** Reads a line of /proc/PID/stat; the name in parentheses may hold anything, spaces too. */
export function parseStat(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime, cstime: fields 14 to 17, where the state is field 3.
  const ticks = fields.slice(11, 15).reduce((total, field) => total + Number(field), 0);
  return { pid: Number.parseInt(text, 10), parent: Number(fields[1]), cpu: ticks / TICKS };
}

function readAll(): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(Number(name)))
    .filter((stat) => stat !== undefined);
}

function readStat(pid: number): Stat | undefined {
  const text = readProc(pid, 'stat');
  return text === undefined ? undefined : parseStat(text);
}

function readPss(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readProc(pid, 'smaps_rollup') ?? '')?.[1];
  return 1024 * Number(kilobytes ?? 0);
}

/** A process may end between being listed and being read. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
