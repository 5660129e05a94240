import { listNear } from '../cases/cases.ts';
import { canCountInstructions, countInstructions } from '../measure/instructions.ts';
import { listTree, readUsage } from '../measure/process-tree.ts';
import { loadOnce } from './cell.ts';
import { type Context, check, toSource } from './context.ts';

const CONNECTIONS = 32;

/** A row of figure f. */
export interface CpuRow {
  rival: string;
  /** Microseconds of CPU a request, of the whole process tree, in user and kernel mode. */
  micros: number;
  /** User-mode instructions a request; absent where the machine cannot count them. */
  instructions?: number;
}

/** Measures figure f: what a request for the JPEG costs each server. */
export async function measureCpu(context: Context): Promise<CpuRow[]> {
  const { options, runners, near, say } = context;
  const counts = canCountInstructions();
  const [photo] = listNear();
  const rows: CpuRow[] = [];
  for (const runner of runners) {
    const { pid } = runner.service;
    if (!photo || pid === 0 || (await check(runner, toSource(near, photo.file), photo))) continue;
    const stop = counts ? countInstructions(listTree(pid)) : async () => undefined;
    const before = readUsage(pid).cpu;
    const { requests } = await loadOnce(runner, near, photo.file, CONNECTIONS, options.seconds * 2);
    const micros = ((readUsage(pid).cpu - before) * 1e6) / requests;
    const instructions = await stop();
    rows.push({
      rival: runner.rival.name,
      micros,
      ...(instructions !== undefined && { instructions: instructions / requests }),
    });
  }
  say(`f: ${counts ? 'instructions by perf' : 'perf cannot count here: CPU time of /proc'}`);
  return rows;
}
