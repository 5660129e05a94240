import {
  Counter,
  collectDefaultMetrics,
  exponentialBuckets,
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
  /** What it took, where there is an answer. */
  work?: Work | undefined;
}

/** What an answer took. */
export interface Work {
  /** At the origin. */
  cost: { requests: number; bytes: number };
  rounds: number;
  /** False where the origin knows no ranges. */
  seekable: boolean;
  /** Milliseconds. */
  spans: { downloading: number; processing: number };
  /** Milliseconds that the request waited for its turn. */
  queued: number;
}

/** How much is worked on, and how much may be. */
export interface Load {
  readonly workers: number;
  readonly working: number;
}

/** imgproxy's: from 1 KiB, each twice the one before. */
const BUFFER_BUCKETS = exponentialBuckets(1024, 2, 14);

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

/** Gives a metric its name, its help and its registry. */
type Naming = (name: string, help: string) => { name: string; help: string; registers: Registry[] };

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
  readonly #spans: Histogram<'span'>;
  readonly #buffers: Histogram<'type'>;
  readonly #withoutRange: Counter;
  readonly #probesTimedOut: Counter;

  /** @param namespace Stands before each name, with an underscore; may be empty. */
  constructor(namespace: string, load: Load) {
    const registers = [this.#registry];
    const prefix = namespace === '' ? '' : `${namespace}_`;
    const as: Naming = (name, help) => ({ name: prefix + name, help, registers });

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
    this.#spans = new Histogram({
      ...as(
        'request_span_duration_seconds',
        'Parts of what answers took: waiting, fetching, probing.',
      ),
      labelNames: ['span'],
    });
    this.#buffers = new Histogram({
      ...as('buffer_size_bytes', 'Bytes held of a file, for those answered.'),
      labelNames: ['type'],
      buckets: BUFFER_BUCKETS,
    });
    this.#withoutRange = new Counter(
      as('sources_without_range_total', 'Files answered from origins that know no ranges.'),
    );
    this.#probesTimedOut = new Counter(
      as(
        'probes_timed_out_total',
        'Probes that were given up because a library did not come back.',
      ),
    );
    this.#addLoad(as, load);
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

  /** A probe took too long. */
  giveUpProbe(): void {
    this.#probesTimedOut.inc();
  }

  /** A request was answered. */
  observe({ status, seconds, error, work }: Done): void {
    this.#requests.inc();
    this.#statuses.inc({ status: String(status) });
    this.#duration.observe(seconds);
    if (error) this.#errors.inc({ type: ERROR_TYPES[error] });
    if (!work) return;
    const { cost, rounds, seekable, spans, queued } = work;
    this.#originRequests.inc(cost.requests);
    this.#originBytes.inc(cost.bytes);
    this.#rounds.observe(rounds);
    this.#buffers.observe({ type: 'download' }, cost.bytes);
    if (!seekable) this.#withoutRange.inc();
    this.#spans.observe({ span: 'queue' }, queued / 1000);
    this.#spans.observe({ span: 'downloading' }, spans.downloading / 1000);
    this.#spans.observe({ span: 'processing' }, spans.processing / 1000);
  }

  /** All values as they are now. */
  snapshot(): Promise<Snapshot> {
    return this.#registry.getMetricsAsJSON();
  }

  #addLoad(as: Naming, load: Load): void {
    new Gauge({
      ...as('workers', 'Requests that may be worked on at a time.'),
      collect() {
        this.set(load.workers);
      },
    });
    new Gauge({
      ...as('images_in_progress', 'Requests that are worked on.'),
      collect() {
        this.set(load.working);
      },
    });
    new Gauge({
      ...as('workers_utilization', 'Requests that are worked on, in percent of those that may be.'),
      // Of several processes, whose shares are alike.
      aggregator: 'average',
      collect() {
        this.set((100 * load.working) / load.workers);
      },
    });
  }

  #addVips(as: Naming): void {
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
