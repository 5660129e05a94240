import { listNear } from '../cases/cases.ts';
import { startHanging } from '../load/hanging.ts';
import { watchMemory } from '../measure/process-tree.ts';
import { median } from '../measure/statistics.ts';
import { toSegment } from '../origins/counting/behaviour.ts';
import { type CountingOrigin, startCountingOrigin } from '../origins/counting-origin.ts';
import { FILES } from '../paths.ts';
import { loadOnce, toReason } from './cell.ts';
import { type Context, type Runner, toSource } from './context.ts';

/** Requests that hang, and the origins that they hang on. */
export const HANGING = 1000;
const ORIGINS = 10;
const CONNECTIONS = 32;
/**
 * How long memory is watched for growth, in s, once the loads of this figure are over: long enough for
 * some garbage collections, as one more or less is no growth.
 */
const WATCHED = 15;
/** Who is measured, where it runs: each takes three quarters of a minute. */
const MEASURED = ['imgpeek', 'ceiling', 'sharp', 'imagor', 'imgproxy-pro'];

/** A row of figure d: the healthy requests' 99th percentile, in ms. */
export interface TrickleRow {
  rival: string;
  without: number;
  with: number;
  /** Of the hanging requests, those that the trickling origins had under way at the end. */
  atOrigins: number;
  /** How those ended that did, by status or error. */
  ended: Record<string, number>;
  /** Healthy requests that failed. */
  failed: number;
}

/** Measures figure d: what requests to origins that trickle take from those to one that does not. */
export async function measureTrickle(context: Context): Promise<TrickleRow[]> {
  const addresses = Array.from({ length: ORIGINS }, (_, i) => `127.0.1.${i + 1}`);
  const origin = await startCountingOrigin(FILES, addresses);
  const rows: TrickleRow[] = [];
  try {
    for (const runner of context.runners) {
      if (!MEASURED.includes(runner.rival.name)) continue;
      try {
        rows.push(await measureRunner(context, runner, origin));
        context.say(`d: ${runner.rival.name}`);
      } catch (error) {
        context.say(`d: ${runner.rival.name} ${toReason(runner, error)}`);
      }
    }
  } finally {
    await origin.stop();
  }
  return rows;
}

async function measureRunner(
  { options, near, memory }: Context,
  runner: Runner,
  origin: CountingOrigin,
): Promise<TrickleRow> {
  const { rival, service } = runner;
  const file = listNear()[0]?.file ?? '';
  const loads = async () => {
    const outcomes = [];
    for (let round = 0; round < options.rounds; round++) {
      outcomes.push(await loadOnce(runner, near, file, CONNECTIONS, options.seconds * 2));
    }
    return outcomes;
  };
  const quiet = await loads();
  const segment = toSegment({ trickle: 1 });
  const paths = origin.urls.map((url) => rival.path(toSource(`${url}/${segment}`, file)));
  const hanging = await startHanging(service.base, paths, HANGING);
  try {
    const samples: number[] = [];
    const busy = await watchMemory(service.pid, samples, loads);
    memory.addHanging(rival.name, samples);
    const steady: number[] = [];
    const goOn = () => loadOnce(runner, near, file, CONNECTIONS, WATCHED);
    await watchMemory(service.pid, steady, goOn);
    memory.addSteady(rival.name, steady);
    const { ended } = await hanging.report();
    const { open } = await origin.report();
    return {
      rival: rival.name,
      without: median(quiet.map(({ p99 }) => p99)),
      with: median(busy.map(({ p99 }) => p99)),
      atOrigins: open,
      ended,
      failed: busy.reduce((total, { refused, broken }) => total + refused + broken, 0),
    };
  } finally {
    await hanging.stop();
  }
}
