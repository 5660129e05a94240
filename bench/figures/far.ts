import { request } from 'undici';
import { type Case, listFar } from '../cases/cases.ts';
import { toSegment } from '../origins/counting/behaviour.ts';
import { type CountingOrigin, startCountingOrigin } from '../origins/counting-origin.ts';
import { FILES } from '../paths.ts';
import { type Absent, type Cell, loadOnce, toCell, toReason } from './cell.ts';
import { type Context, check, type Runner, toSource } from './context.ts';

/** A round trip in ms, and 50 Mbit/s in bytes, for each connection. */
export const DELAY = 40;
export const BANDWIDTH = 6_250_000;
/** Files over this size are downloaded whole over one connection alone: more would take minutes. */
const LARGE = 1_000_000;
/** Nobody downloads a file whole that takes longer than this, in seconds. */
const PATIENCE = 20;
/** Requests that a load has the time for at the least. */
const LEAST_REQUESTS = 3;

/** A cell of a far origin, with what the network alone would take. */
export interface FarCell extends Cell {
  /** Of one request. */
  rounds: number;
  bytes: number;
  /** rounds × delay + bytes ÷ bandwidth, in ms. */
  floor: number;
}

/** Figure c: the same as b with an origin that is far away. */
export interface FarFigure {
  cells: FarCell[];
  absent: Absent[];
}

/** What one request took at the origin. */
interface Cost {
  rounds: number;
  bytes: number;
  floor: number;
}

/** Measures figure c. */
export async function measureFar(context: Context): Promise<FarFigure> {
  const origin = await startCountingOrigin(FILES);
  const far = `${origin.urls[0]}/${toSegment({ delay: DELAY, bandwidth: BANDWIDTH })}`;
  const figure: FarFigure = { cells: [], absent: [] };
  try {
    for (const file of listFar()) {
      for (const runner of context.runners) {
        await measureRunner(context, runner, origin, far, file, figure);
      }
      context.say(`c: ${file.name}`);
    }
  } finally {
    await origin.stop();
  }
  return figure;
}

async function measureRunner(
  { options }: Context,
  runner: Runner,
  origin: CountingOrigin,
  far: string,
  file: Case,
  figure: FarFigure,
): Promise<void> {
  const rival = runner.rival.name;
  const takes = runner.rival.fetches === 'whole' ? file.bytes / BANDWIDTH : 0;
  if (takes > PATIENCE) {
    const why = `would take ${Math.round(takes)} s a request`;
    figure.absent.push({ rival, file: file.name, why });
    return;
  }
  const why = await check(runner, toSource(far, file.file), file);
  if (why) {
    figure.absent.push({ rival, file: file.name, why });
    return;
  }
  const cost = await measureCost(runner, origin, far, file);
  const seconds = Math.max(options.seconds, Math.ceil(LEAST_REQUESTS * takes));
  for (const connections of options.connections.length > 1 ? options.connections : [1]) {
    if (connections > 1 && takes > 0 && file.bytes > LARGE) {
      const reason = 'whole and large: over one connection alone';
      figure.absent.push({ rival, file: file.name, connections, why: reason });
    } else {
      try {
        const outcome = await loadOnce(runner, far, file.file, connections, seconds);
        figure.cells.push({ ...toCell(rival, file.name, connections, [outcome]), ...cost });
      } catch (error) {
        const reason = toReason(runner, error);
        figure.absent.push({ rival, file: file.name, connections, why: reason });
      }
    }
  }
}

/** Asks once more, on a connection that is there already, and has the origin tell what it took. */
async function measureCost(
  { rival, service }: Runner,
  origin: CountingOrigin,
  far: string,
  { file }: Case,
): Promise<Cost> {
  await origin.report();
  const { body } = await request(`${service.base}${rival.path(toSource(far, file))}1`);
  await body.dump();
  const { counts } = await origin.report();
  const { rounds = 0, bytes = 0 } = counts[`/${file}`] ?? {};
  return { rounds, bytes, floor: rounds * DELAY + (bytes / BANDWIDTH) * 1000 };
}
