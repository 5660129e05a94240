import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './paths.ts';

/** The letters of the figures, in the order in which they are measured. */
export const FIGURES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
export type Figure = (typeof FIGURES)[number];

/** What a run of the benchmark is told on the command line. */
export interface Options {
  figures: Figure[];
  /** Names of rivals to run beside imgpeek; all where undefined. */
  rivals: string[] | undefined;
  /** Whole seconds of one load. */
  seconds: number;
  /** How often each load is run; the median counts. */
  rounds: number;
  connections: number[];
  /** Processes (or threads of Go) of each server, imgpeek's too. */
  processes: number;
  /** The folder of the corpus; it need not exist. */
  corpus: string;
  /** Where results are written. */
  out: string;
  /** Where a running imgproxy Pro answers. */
  imgproxyPro: string | undefined;
}

export const USAGE = `Usage: npm run bench -- [OPTION...]

  --figures a,b    of a to f; all where it is left out
  --rivals NAMES   as the table names them, divided by commas; imgpeek itself always runs
  --seconds 1      of one load
  --rounds 3       of each load, interleaved; the median counts
  --connections 1,32,256
  --processes N    of each server; the number of cores
  --corpus DIR     ../shared/corpus
  --out DIR        bench/results
  --quick          one round, and 32 connections alone
`;

/**
 * Reads the command line.
 *
 * @throws Error that says which option is wrong.
 */
export function parseOptions(args: string[], env: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args,
    options: {
      figures: { type: 'string', default: FIGURES.join(',') },
      rivals: { type: 'string' },
      seconds: { type: 'string', default: '1' },
      rounds: { type: 'string' },
      connections: { type: 'string' },
      processes: { type: 'string', default: String(availableParallelism()) },
      corpus: { type: 'string', default: join(ROOT, '../shared/corpus') },
      out: { type: 'string', default: join(ROOT, 'bench/results') },
      quick: { type: 'boolean', default: false },
    },
  });
  const quick = values.quick;
  return {
    figures: toList(values.figures).map(toFigure),
    rivals: values.rivals === undefined ? undefined : toList(values.rivals),
    seconds: toCount('seconds', values.seconds),
    rounds: toCount('rounds', values.rounds ?? (quick ? '1' : '3')),
    connections: toList(values.connections ?? (quick ? '32' : '1,32,256')).map((text) =>
      toCount('connections', text),
    ),
    processes: toCount('processes', values.processes),
    corpus: values.corpus,
    out: values.out,
    imgproxyPro: env['IMGPROXY_PRO_URL'] || undefined,
  };
}

function toList(text: string): string[] {
  return text.split(',').filter((item) => item !== '');
}

function toFigure(text: string): Figure {
  const figure = FIGURES.find((known) => known === text);
  if (!figure) throw new Error(`--figures: there is no figure "${text}"`);
  return figure;
}

function toCount(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--${name}: "${text}" is no count`);
  return Number(text);
}
