// The benchmark: npm run bench. See docs/performance.md.
import { join } from 'node:path';
import { makeFiles } from './cases/cases.ts';
import type { Context, Runner } from './figures/context.ts';
import { measureCpu } from './figures/cpu.ts';
import { measureFar } from './figures/far.ts';
import { Memory } from './figures/memory.ts';
import { measureNear } from './figures/near.ts';
import { measureOrigin } from './figures/origin.ts';
import { measureTrickle } from './figures/trickle.ts';
import { describeMachine } from './measure/machine.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { startNginx } from './origins/nginx.ts';
import { CACHE, FILES } from './paths.ts';
import { checkBounds } from './report/bounds.ts';
import type { Results } from './report/results.ts';
import { writeTable } from './report/table.ts';
import { toTables } from './report/tables.ts';
import { writeResults } from './report/write.ts';
import { chooseRivals } from './rivals/rivals.ts';
import { findPort } from './rivals/service.ts';

/** A machine with more to do than this, in runnable tasks, is no place for a measurement. */
const BUSY = 0.5;

const say = (text: string) => process.stderr.write(`${text}\n`);

async function main(options: Options): Promise<void> {
  const machine = describeMachine();
  if (machine.load > BUSY) {
    say(`The machine is busy (load ${machine.load.toFixed(1)}): these figures are not to be kept.`);
  }
  const leftOut = makeFiles(options.corpus);
  const runners: Runner[] = [];
  const nginx = await startNginx(FILES, join(CACHE, 'nginx'));
  try {
    await startRivals(options, runners, leftOut);
    const memory = new Memory();
    const figures = await measure({ options, runners, near: nginx.url, memory, say });
    const { seconds, rounds, processes } = options;
    const results: Results = {
      machine,
      run: { seconds, rounds, processes },
      entrants: runners.map(({ rival: { name, how, answers } }) => ({ name, how, answers })),
      leftOut,
      ...figures,
    };
    const bounds = checkBounds(results);
    for (const table of toTables(results, bounds)) process.stdout.write(`\n${writeTable(table)}`);
    for (const path of writeResults(options.out, results, bounds)) say(`wrote ${path}`);
  } finally {
    // All of them, whatever becomes of one: what goes on running would keep this process too.
    await Promise.all([...runners.map(({ service }) => service.stop()), nginx.stop()]);
  }
}

/** Starts every rival that can run here, and says of the others why they cannot. */
async function startRivals(
  { rivals, imgproxyPro, processes }: Options,
  runners: Runner[],
  leftOut: Results['leftOut'],
): Promise<void> {
  for (const rival of chooseRivals(rivals, imgproxyPro)) {
    say(`starting ${rival.name}`);
    const why = await rival.prepare();
    if (why) {
      leftOut.push({ name: rival.name, why });
      continue;
    }
    try {
      const service = await rival.start({ port: await findPort(), processes });
      runners.push({ rival, service });
    } catch (error) {
      // Without ourselves there is nothing to compare.
      if (rival.name === 'imgpeek') throw error;
      leftOut.push({ name: rival.name, why: `it does not start: ${(error as Error).message}` });
    }
  }
}

/** Measures the figures that were asked for. Memory is watched while b and d are measured. */
async function measure(context: Context): Promise<Partial<Results>> {
  const wanted = new Set(context.options.figures);
  const origin = wanted.has('a') ? await measureOrigin(context) : undefined;
  const near = wanted.has('b') ? await measureNear(context) : undefined;
  const far = wanted.has('c') ? await measureFar(context) : undefined;
  const trickle = wanted.has('d') ? await measureTrickle(context) : undefined;
  const memory = context.memory.rows();
  const cpu = wanted.has('f') ? await measureCpu(context) : undefined;
  return {
    ...(origin && { origin }),
    ...(near && { near }),
    ...(far && { far }),
    ...(trickle && { trickle }),
    ...(wanted.has('e') && memory.length > 0 && { memory }),
    ...(cpu && { cpu }),
  };
}

try {
  if (process.argv.includes('--help')) process.stdout.write(USAGE);
  else await main(parseOptions(process.argv.slice(2), process.env));
} catch (error) {
  say(error instanceof TypeError ? error.message : String((error as Error).stack));
  process.exitCode = 1;
}
