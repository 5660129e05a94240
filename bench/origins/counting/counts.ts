/** What the origin was asked for one file, and sent. */
export interface Count {
  requests: number;
  /** Times that a request came while no other for the file was under way. */
  rounds: number;
  /** Bytes of bodies that the network took. */
  bytes: number;
}

/** Counts requests by file. */
export class Counts {
  #counts = new Map<string, Count>();
  #underWay = new Map<string, number>();

  /** Responses that are under way now. */
  get open(): number {
    return [...this.#underWay.values()].reduce((total, count) => total + count, 0);
  }

  /** A request begins. What is given back counts its bytes and its end. */
  begin(file: string): { sent(bytes: number): void; end(): void } {
    const count = this.#counts.get(file) ?? { requests: 0, rounds: 0, bytes: 0 };
    const others = this.#underWay.get(file) ?? 0;
    this.#counts.set(file, count);
    this.#underWay.set(file, others + 1);
    count.requests++;
    if (others === 0) count.rounds++;
    return {
      sent: (bytes) => {
        count.bytes += bytes;
      },
      end: () => {
        const left = (this.#underWay.get(file) ?? 1) - 1;
        if (left > 0) this.#underWay.set(file, left);
        else this.#underWay.delete(file);
      },
    };
  }

  /** Gives what was counted since the last time. */
  take(): Record<string, Count> {
    const taken = Object.fromEntries(this.#counts);
    this.#counts.clear();
    return taken;
  }
}
