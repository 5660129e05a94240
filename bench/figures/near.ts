import { type Case, listNear } from '../cases/cases.ts';
import type { Outcome } from '../load/wrk.ts';
import { watchMemory } from '../measure/process-tree.ts';
import { type Absent, type Cell, loadOnce, toCell, toReason } from './cell.ts';
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
      const { cells, absent } = await compare(context, able, file, connections);
      figure.cells.push(...cells);
      figure.absent.push(...absent);
    }
  }
  return figure;
}

async function compare(
  { options, near, memory, say }: Context,
  runners: Runner[],
  { name, file }: Case,
  connections: number,
): Promise<NearFigure> {
  const absent: Absent[] = [];
  const outcomes = new Map<string, Outcome[]>(runners.map(({ rival }) => [rival.name, []]));
  for (let round = 0; round < options.rounds; round++) {
    for (const runner of runners) {
      const rival = runner.rival.name;
      const list = outcomes.get(rival);
      if (!list) continue;
      const samples: number[] = [];
      try {
        const once = () => loadOnce(runner, near, file, connections, options.seconds);
        list.push(await watchMemory(runner.service.pid, samples, once));
        memory.addNear(rival, samples);
      } catch (error) {
        outcomes.delete(rival);
        absent.push({ rival, file: name, connections, why: toReason(runner, error) });
      }
    }
  }
  say(`b: ${name}, ${connections} connections`);
  const cells = [...outcomes].map(([rival, list]) => toCell(rival, name, connections, list));
  return { cells, absent };
}
