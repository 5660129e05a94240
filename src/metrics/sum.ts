import { AggregatorRegistry, Counter, Registry } from 'prom-client';
import type { Snapshot } from './metrics.ts';

/** Why a serving process was replaced. */
export type ReplacedFor = 'crashed' | 'hung' | 'stuck';

/** What all serving processes counted, those that are gone with it, and how often one was replaced. */
export class MetricsSum<Process> {
  readonly #registry = new Registry();
  readonly #replaced: Counter<'reason'>;
  readonly #latest = new Map<Process, Snapshot>();
  /** Of processes that are gone. */
  #departed: Snapshot[] = [];

  /** @param namespace Stands before each name, with an underscore; may be empty. */
  constructor(namespace: string) {
    const prefix = namespace === '' ? '' : `${namespace}_`;
    this.#replaced = new Counter({
      name: `${prefix}processes_replaced_total`,
      help: 'Serving processes that were replaced: crashed, hung, or stuck in a file.',
      labelNames: ['reason'],
      registers: [this.#registry],
    });
    for (const reason of ['crashed', 'hung', 'stuck']) this.#replaced.inc({ reason }, 0);
  }

  /** Takes note of what a process counted so far. */
  take(process: Process, snapshot: Snapshot): void {
    this.#latest.set(process, snapshot);
  }

  /** A process was replaced. */
  replace(reason: ReplacedFor): void {
    this.#replaced.inc({ reason });
  }

  /**
   * Keeps what a process counted when it is gone, so that no sum ever falls. What it counted after
   * it was last asked is lost with it.
   */
  leave(process: Process): void {
    const snapshot = this.#latest.get(process);
    this.#latest.delete(process);
    if (snapshot) this.#departed.push(snapshot.filter(({ type }) => SUMMED.has(String(type))));
  }

  /** The sum, in Prometheus' text format. */
  async render(): Promise<string> {
    if (this.#departed.length > 1) {
      const sum = AggregatorRegistry.aggregate(this.#departed.splice(0));
      this.#departed.push(await sum.getMetricsAsJSON());
    }
    const own = await this.#registry.getMetricsAsJSON();
    return AggregatorRegistry.aggregate([
      ...this.#departed,
      ...this.#latest.values(),
      own,
    ]).metrics();
  }
}

/** Types of metrics that only ever grow. A gauge goes with its process. */
const SUMMED = new Set(['counter', 'histogram']);
