import { type Case, listNear } from '../cases/cases.ts';
import type { Outcome } from '../load/wrk.ts';
import { watchMemory } from '../measure/process-tree.ts';
import { type Absent, type Cell, loadOnce, toCell } from './cell.ts';
import { type Context, check, type Runner, toSource } from './context.ts';

/** Figure b: rates and times with the origin on the same machine. */
export interface NearFigure {
  cells: Cell[];
  absent: Absent[];
}

/** Measures figure b: every server in turn, then every one again, so that all have the same minutes. */
export async function measureNear(context: Context): Promise<NearFigure> {
  const figure: NearFigure = { cells: [], absent: [] };
  for (const file of listNear()) {
    const able: Runner[] = [];
    for (const runner of context.runners) {
      const why = await check(runner, toSource(context.near, file.file), file);
      if (why) figure.absent.push({ rival: runner.rival.name, file: file.name, why });
      else able.push(runner);
    }
    for (const runner of able) await loadOnce(runner, context.near, file.file, 32, 1);
    for (const connections of context.options.connections) {
      figure.cells.push(...(await compare(context, able, file, connections)));
    }
  }
  return figure;
}

async function compare(
  { options, near, memory, say }: Context,
  runners: Runner[],
  { name, file }: Case,
  connections: number,
): Promise<Cell[]> {
  const outcomes = new Map<string, Outcome[]>(runners.map(({ rival }) => [rival.name, []]));
  for (let round = 0; round < options.rounds; round++) {
    for (const runner of runners) {
      const rival = runner.rival.name;
      const stop = watchMemory(runner.service.pid);
      outcomes.get(rival)?.push(await loadOnce(runner, near, file, connections, options.seconds));
      memory.addNear(rival, stop());
    }
  }
  say(`b: ${name}, ${connections} connections`);
  return [...outcomes].map(([rival, list]) => toCell(rival, name, connections, list));
}
