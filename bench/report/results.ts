import type { CpuRow } from '../figures/cpu.ts';
import type { FarFigure } from '../figures/far.ts';
import type { MemoryRow } from '../figures/memory.ts';
import type { NearFigure } from '../figures/near.ts';
import type { OriginFigure } from '../figures/origin.ts';
import type { TrickleRow } from '../figures/trickle.ts';
import type { Machine } from '../measure/machine.ts';
import type { Answers } from '../rivals/rival.ts';

/** A server that took part, as the results tell of it. */
export interface Entrant {
  name: string;
  how: string;
  answers: Answers;
}

/** All that a run found out; a figure that was not measured is absent. */
export interface Results {
  machine: Machine;
  /** Of the run: what was asked for on the command line. */
  run: { seconds: number; rounds: number; processes: number };
  entrants: Entrant[];
  /** Servers and files that took no part, and why. */
  leftOut: { name: string; why: string }[];
  origin?: OriginFigure;
  near?: NearFigure;
  far?: FarFigure;
  trickle?: TrickleRow[];
  memory?: MemoryRow[];
  cpu?: CpuRow[];
}
