import type { Config } from '../config/table.ts';
import type { Snapshot } from '../metrics/metrics.ts';
import type { Bind } from '../server/server.ts';

/** What one serving process is told before it starts. */
export interface ServingSettings {
  /** Loaded and checked once, by the supervisor, so that all processes serve by the same. */
  config: Config;
  /** Where to listen. */
  bind: Bind;
  /** Its share of what all processes together may do. */
  limits: Limits;
  /** The keys of files that are refused, each with the milliseconds that are left of its time. */
  refused: readonly (readonly [key: string, left: number])[];
}

/** What one process may do at a time. */
export interface Limits {
  /** Requests that are worked on. */
  workers: number;
  /** Requests that may queue; `Infinity` for no limit. */
  queue: number;
  /** Client connections; `Infinity` for no limit. */
  clients: number;
  /** Pictures that a model is asked about at a time. */
  streams: number;
}

/** What one process counted; undefined where nothing is counted. */
export type ProcessMetrics = Snapshot | undefined;

/** From the supervisor to a serving process. */
export type ToServing =
  | { type: 'start'; settings: ServingSettings }
  /** A file killed or stalled a process: it is refused from now on. */
  | { type: 'refuse'; key: string }
  /** Asks for the metrics. */
  | { type: 'metrics' }
  /** Answer /health with 503, wait `delay` ms, stop listening, end what is under way, and exit. */
  | { type: 'stop'; delay: number };

/** From a serving process to the supervisor. */
export type ToSupervisor =
  /** It listens. */
  | { type: 'ready' }
  /** It cannot serve, and exits. */
  | { type: 'failed'; message: string }
  /** Its event loop turns. Sent every {@link HEARTBEAT} ms. */
  | { type: 'alive' }
  /** Reading this file has not come back in time: a thread is lost, so replace me. */
  | { type: 'stuck'; key: string }
  | { type: 'metrics'; metrics: ProcessMetrics };

/** Milliseconds from one sign of life to the next. */
export const HEARTBEAT = 250;

/** The file descriptor of a serving process to which a crash is written, by its own last act. */
export const CRASH_NOTE_FD = 4;
