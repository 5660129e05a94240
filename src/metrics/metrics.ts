import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';
import type { ErrorCode } from '../errors.ts';
import { vipsMemory } from '../native.ts';

/** The metrics of one process, to be summed with those of others. */
export type Snapshot = MetricObjectWithValues<MetricValue<string>>[];

/** What became of a request. */
export interface Done {
  status: number;
  /** From its arrival to its answer. */
  seconds: number;
  error?: ErrorCode | undefined;
  /** What it took at the origin, where there is an answer. */
  cost?: { requests: number; bytes: number; rounds: number } | undefined;
}

/** imgproxy's words for what failed. */
const ERROR_TYPES: Readonly<Record<ErrorCode, string>> = {
  NOT_FOUND: 'path_parsing',
  INVALID_URL: 'path_parsing',
  EXPIRED_URL: 'path_parsing',
  FORBIDDEN: 'security',
  INVALID_SOURCE_URL: 'security',
  SOURCE_UNREACHABLE: 'download',
  SOURCE_FAILED: 'download',
  SOURCE_TOO_SLOW: 'download',
  SOURCE_INCOMPLETE: 'download',
  TIMEOUT: 'timeout',
  INVALID_SOURCE_IMAGE: 'processing',
  HASHSUM_MISMATCH: 'processing',
  TOO_MANY_REQUESTS: 'queue',
  CLIENT_GONE: 'canceled',
  INTERNAL: 'internal',
};

/** Counts what the server does, by imgproxy's names and some of our own. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter;
  readonly #statuses: Counter<'status'>;
  readonly #errors: Counter<'type'>;
  readonly #duration: Histogram;
  readonly #inProgress: Gauge;
  readonly #originRequests: Counter;
  readonly #originBytes: Counter;
  readonly #rounds: Histogram;

  /** @param namespace Stands before each name, with an underscore; may be empty. */
  constructor(namespace: string) {
    const registers = [this.#registry];
    const prefix = namespace === '' ? '' : `${namespace}_`;
    const as = (name: string, help: string) => ({ name: prefix + name, help, registers });

    this.#requests = new Counter(as('requests_total', 'Requests that were answered.'));
    this.#statuses = new Counter({
      ...as('status_codes_total', 'Answers by their status.'),
      labelNames: ['status'],
    });
    this.#errors = new Counter({
      ...as('errors_total', 'Requests that failed, by what failed.'),
      labelNames: ['type'],
    });
    this.#duration = new Histogram(
      as('request_duration_seconds', 'From the arrival of a request to its answer.'),
    );
    this.#inProgress = new Gauge(
      as('requests_in_progress', 'Requests for info that are under way.'),
    );
    this.#originRequests = new Counter(
      as('origin_requests_total', 'Requests to origins, redirects included, of those answered.'),
    );
    this.#originBytes = new Counter(
      as('origin_bytes_total', 'Bytes received from origins, for those answered.'),
    );
    this.#rounds = new Histogram({
      ...as('source_rounds', 'Rounds of fetching that a file took.'),
      buckets: [1, 2, 3, 4, 8, 16],
    });
    this.#addVips(as);
    collectDefaultMetrics({ register: this.#registry, prefix });
  }

  /** A request for info has come. */
  start(): void {
    this.#inProgress.inc();
  }

  /** A request that was started has ended. */
  end(): void {
    this.#inProgress.dec();
  }

  /** A request was answered. */
  observe({ status, seconds, error, cost }: Done): void {
    this.#requests.inc();
    this.#statuses.inc({ status: String(status) });
    this.#duration.observe(seconds);
    if (error) this.#errors.inc({ type: ERROR_TYPES[error] });
    if (!cost) return;
    this.#originRequests.inc(cost.requests);
    this.#originBytes.inc(cost.bytes);
    this.#rounds.observe(cost.rounds);
  }

  /** All values as they are now. */
  snapshot(): Promise<Snapshot> {
    return this.#registry.getMetricsAsJSON();
  }

  #addVips(
    as: (name: string, help: string) => { name: string; help: string; registers: Registry[] },
  ) {
    const gauges = [
      ['vips_memory_bytes', 'Bytes that libvips holds.', 'bytes'],
      ['vips_max_memory_bytes', 'The most bytes that libvips ever held.', 'maxBytes'],
      ['vips_allocs', 'Blocks that libvips holds.', 'allocs'],
    ] as const;
    for (const [name, help, key] of gauges) {
      new Gauge({
        ...as(name, help),
        collect() {
          this.set(vipsMemory()[key]);
        },
      });
    }
  }
}
