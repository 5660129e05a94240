import { growth } from '../measure/statistics.ts';

/** Figure e: resident bytes of a whole process tree. */
export interface MemoryRow {
  rival: string;
  /** The most over figure b. */
  near?: number;
  /** The most while requests hang in figure d. */
  hanging?: number;
  /** How much it grew while they went on to hang, as a share. */
  growth?: number;
}

/** Collects samples of memory while other figures are measured. */
export class Memory {
  #near = new Map<string, number>();
  #hanging = new Map<string, number>();
  #steady = new Map<string, number[]>();

  addNear(rival: string, samples: number[]): void {
    keepMost(this.#near, rival, samples);
  }

  addHanging(rival: string, samples: number[]): void {
    keepMost(this.#hanging, rival, samples);
  }

  /** @param samples Of the time after those of `addHanging`, by which growth is told. */
  addSteady(rival: string, samples: number[]): void {
    this.addHanging(rival, samples);
    this.#steady.set(rival, samples);
  }

  rows(): MemoryRow[] {
    const rivals = new Set([...this.#near.keys(), ...this.#hanging.keys()]);
    return [...rivals].map((rival) => {
      const near = this.#near.get(rival);
      const hanging = this.#hanging.get(rival);
      const steady = this.#steady.get(rival);
      return {
        rival,
        ...(near !== undefined && { near }),
        ...(hanging !== undefined && { hanging }),
        ...(steady && { growth: growth(steady) }),
      };
    });
  }
}

function keepMost(most: Map<string, number>, rival: string, samples: number[]): void {
  most.set(rival, Math.max(most.get(rival) ?? 0, ...samples));
}
