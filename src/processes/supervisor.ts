import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log/log.ts';
import type { MetricsSum } from '../metrics/sum.ts';
import type { Bind } from '../server/server.ts';
import { Backoff } from './backoff.ts';
import { HEARTBEAT, type Limits, type ServingSettings, type ToSupervisor } from './messages.ts';
import { RefusedFiles } from './refused-files.ts';
import { ServingProcess } from './serving-process.ts';

/** Milliseconds that a process has to start: it loads libraries, on a machine that may be busy. */
const START_TIMEOUT = 60_000;

/** Milliseconds that a process gets beyond the time in which it should have stopped by itself. */
const STOP_MARGIN = 1_000;

/** What the supervisor takes from the configuration, in ms where a time. */
export interface SupervisorOptions {
  /** The module that a serving process runs. */
  entry: URL;
  config: ServingSettings['config'];
  /** Its port is not 0. */
  bind: Bind;
  /** One for each process. */
  limits: readonly Limits[];
  /** How long an event loop may stall. */
  hangTimeout: number;
  refuseTime: number;
  stopTimeout: number;
}

/** A place that is to have a serving process at all times. */
interface Slot {
  readonly limits: Limits;
  readonly backoff: Backoff;
  /** The one that serves, or is to. */
  current: ServingProcess | undefined;
  /** One that lost a thread; it serves until the current one is ready. */
  stuck: ServingProcess | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** Starts the serving processes, replaces those that crash or hang, and stops all in good order. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #log: Log;
  readonly #slots: readonly Slot[];
  readonly #refused: RefusedFiles;
  /** All that have not ended. */
  readonly #living = new Set<ServingProcess>();
  readonly #hung = new WeakSet<ServingProcess>();
  readonly #metrics: MetricsSum<ServingProcess> | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #started = false;
  #stopping = false;
  #waiting: (() => void)[] = [];
  #failure: string | undefined;

  /** @param metrics Takes what the processes count, where it is counted. */
  constructor(options: SupervisorOptions, log: Log, metrics?: MetricsSum<ServingProcess>) {
    this.#options = options;
    this.#log = log;
    this.#refused = new RefusedFiles(options.refuseTime);
    this.#metrics = metrics;
    this.#slots = options.limits.map((limits) => ({
      limits,
      backoff: new Backoff(),
      current: undefined,
      stuck: undefined,
      timer: undefined,
    }));
  }

  /**
   * Starts the processes, and comes back when all of them serve.
   *
   * @returns The port, or 0 for a Unix socket.
   * @throws Error where one cannot.
   */
  async start(): Promise<number> {
    this.#heartbeat = setInterval(() => this.#checkAll(), HEARTBEAT);
    for (const slot of this.#slots) this.#startIn(slot);
    await this.#until(() => this.#slots.every(isReady));
    this.#started = true;
    const { bind } = this.#options;
    return 'port' in bind ? bind.port : 0;
  }

  /**
   * Stops the processes: /health turns 503, then listening ends, then they do.
   *
   * @param drainDelay Milliseconds from the first to the second.
   */
  async stop(drainDelay: number): Promise<void> {
    this.#stopping = true;
    for (const slot of this.#slots) clearTimeout(slot.timer);
    for (const serving of this.#living) serving.send({ type: 'stop', delay: drainDelay });
    const deadline = setTimeout(() => this.kill(), this.#options.stopTimeout + STOP_MARGIN);
    await this.#until(() => this.#living.size === 0);
    clearTimeout(deadline);
    clearInterval(this.#heartbeat);
  }

  /** Ends all processes at once. */
  kill(): void {
    this.#stopping = true;
    clearInterval(this.#heartbeat);
    for (const slot of this.#slots) clearTimeout(slot.timer);
    for (const serving of this.#living) serving.kill();
  }

  /**
   * Has all serving processes say what they counted.
   *
   * @param timeout Milliseconds that they have to say it; who is late counts with what it said last.
   */
  async gatherMetrics(timeout: number): Promise<void> {
    const asked = [...this.#living].filter(({ readySince }) => readySince !== undefined);
    const late = delay(timeout, undefined, { ref: false });
    await Promise.race([late, Promise.all(asked.map((serving) => serving.askMetrics()))]);
  }

  #startIn(slot: Slot): void {
    const settings: ServingSettings = {
      config: this.#options.config,
      bind: this.#options.bind,
      limits: slot.limits,
      refused: this.#refused.list(),
    };
    const serving = new ServingProcess(this.#options.entry, settings, {
      onMessage: (message) => this.#take(message, serving, slot),
      onCrashNote: (key) => this.#refuse(key),
      onExit: (how) => this.#replace(serving, slot, how),
    });
    slot.current = serving;
    this.#living.add(serving);
  }

  #take(message: ToSupervisor, serving: ServingProcess, slot: Slot): void {
    if (message.type === 'ready') {
      this.#retire(slot);
      this.#onChange();
    } else if (message.type === 'failed') {
      this.#log.error({ error: message.message }, 'a serving process could not start');
      this.#failure ??= message.message;
    } else if (message.type === 'stuck') {
      this.#refuse(message.key);
      this.#replaceStuck(serving, slot);
    } else if (message.type === 'metrics') {
      if (message.metrics) this.#metrics?.take(serving, message.metrics);
    }
  }

  #refuse(key: string): void {
    this.#log.warn({ file: key }, 'a file crashed or stalled a process: it is refused for a while');
    this.#refused.add(key);
    for (const serving of this.#living) serving.send({ type: 'refuse', key });
  }

  /** A process is gone: another one comes. */
  #replace(serving: ServingProcess, slot: Slot, how: string): void {
    this.#living.delete(serving);
    this.#metrics?.leave(serving);
    if (slot.stuck === serving) slot.stuck = undefined;
    const wasCurrent = slot.current === serving;
    if (wasCurrent) slot.current = undefined;
    if (wasCurrent && !this.#stopping) {
      if (!this.#started) this.#failure ??= `a serving process ended: ${how}`;
      this.#metrics?.replace(this.#hung.has(serving) ? 'hung' : 'crashed');
      const { readySince } = serving;
      const wait = slot.backoff.next(readySince === undefined ? 0 : performance.now() - readySince);
      this.#log.error({ pid: serving.pid, how, wait }, 'a serving process ended; it is replaced');
      slot.timer = setTimeout(() => this.#startIn(slot), wait);
    }
    this.#onChange();
  }

  /** A process lost a thread in a library. It goes on serving until another one is ready. */
  #replaceStuck(serving: ServingProcess, slot: Slot): void {
    if (slot.current !== serving || this.#stopping) return;
    this.#metrics?.replace('stuck');
    this.#log.error({ pid: serving.pid }, 'a serving process is stuck in a file; it is replaced');
    slot.stuck = serving;
    this.#startIn(slot);
  }

  /** Lets a stuck process end its work. Its lost thread keeps it from ending by itself. */
  #retire(slot: Slot): void {
    const { stuck } = slot;
    if (!stuck) return;
    slot.stuck = undefined;
    stuck.send({ type: 'stop', delay: 0 });
    setTimeout(() => stuck.kill(), this.#options.stopTimeout + STOP_MARGIN).unref();
  }

  #checkAll(): void {
    for (const serving of this.#living) {
      const starts = serving.readySince === undefined;
      const allowed = (starts ? START_TIMEOUT : this.#options.hangTimeout) / HEARTBEAT;
      if (serving.countMissed() <= allowed || this.#hung.has(serving)) continue;
      this.#log.error({ pid: serving.pid }, 'a serving process hangs; it is ended');
      this.#hung.add(serving);
      serving.abort();
    }
  }

  #onChange(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Waits until `done` holds, which every change of a process may bring about. */
  async #until(done: () => boolean): Promise<void> {
    while (!done()) {
      if (this.#failure !== undefined && !this.#started && !this.#stopping) {
        throw new Error(this.#failure);
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

function isReady({ current }: Slot): boolean {
  return current?.readySince !== undefined;
}
