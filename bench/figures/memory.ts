import { growth } from '../measure/statistics.ts';

/** Figure e: resident bytes of a whole process tree. */
export interface MemoryRow {
  rival: string;
  /** The most over figure b. */
  near?: number;
  /** The most while requests hang in figure d. */
  hanging?: number;
  /** How much it grew while they hung, as a share. */
  growth?: number;
}

/** Collects samples of memory while other figures are measured. */
export class Memory {
  #near = new Map<string, number>();
  #hanging = new Map<string, number[]>();

  addNear(rival: string, samples: number[]): void {
    this.#near.set(rival, Math.max(this.#near.get(rival) ?? 0, ...samples));
  }

  addHanging(rival: string, samples: number[]): void {
    this.#hanging.set(rival, [...(this.#hanging.get(rival) ?? []), ...samples]);
  }

  rows(): MemoryRow[] {
    const rivals = new Set([...this.#near.keys(), ...this.#hanging.keys()]);
    return [...rivals].map((rival) => {
      const near = this.#near.get(rival);
      const samples = this.#hanging.get(rival);
      return {
        rival,
        ...(near !== undefined && { near }),
        ...(samples && { hanging: Math.max(...samples), growth: growth(samples) }),
      };
    });
  }
}
