import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, version } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';

/** Where and with what a run was made. */
export interface Machine {
  time: string;
  cpu: string;
  cores: number;
  /** Bytes. */
  memory: number;
  kernel: string;
  /** Runnable tasks over the minute before the run: a busy machine makes poor figures. */
  load: number;
  imgpeek: string;
  commit: string;
  node: string;
  nginx: string;
  wrk: string;
}

/** Asks the machine what it is. */
export function describeMachine(): Machine {
  return {
    time: new Date().toISOString(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    kernel: `${release()} ${version()}`,
    load: loadavg()[0] ?? 0,
    imgpeek: JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version,
    commit: say('git', ['-C', ROOT, 'describe', '--always', '--dirty', '--abbrev=12']),
    node: process.version,
    nginx: say('/usr/sbin/nginx', ['-v']),
    wrk: say('wrk', ['-v']),
  };
}

/** The first line that a program says of itself, on either stream and with any status. */
function say(program: string, args: string[]): string {
  const text = execFileSync('sh', ['-c', '"$0" "$@" 2>&1 || true', program, ...args], {
    encoding: 'utf8',
  });
  return text.split('\n')[0]?.trim() ?? '';
}
