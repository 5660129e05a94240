import { RequestError } from '../errors.ts';
import type { Analyze, AnalyzeFrame, Probe, RunningCall } from '../native.ts';

/** Looks at what runs in one time limit. A probe is late where all of them saw it, and one more. */
const LOOKS = 4;

/** Decoding ends itself at the limit where it can, and is late where it has not long after. */
const DECODING_LOOKS = 2 * LOOKS;

/** What watching takes of the addon. */
export interface WatchedAddon {
  probe: Probe;
  analyze: Analyze;
  analyzeFrame: AnalyzeFrame;
  running(): RunningCall[];
  giveUp(key: string): void;
}

/** How long a probe may run. */
export interface WatchOptions {
  /**
   * Milliseconds that a thread may be at one probe, and half of what it may be at decoding; waiting
   * for a thread does not count.
   */
  timeout: number;
  /** Called where a probe is late. Its thread is lost: nothing can end it but the process' end. */
  onStuck(key: string): void;
}

/**
 * Holds probes to a time limit, even inside a C library that never returns. Looks are counted, not
 * time, so that a process that was stopped for a while blames nobody.
 */
export class WatchedProbe {
  readonly #addon: WatchedAddon;
  readonly #options: WatchOptions;
  /** Calls that are not settled, by their key. */
  readonly #calls = new Map<string, Set<(error: RequestError) => void>>();
  /** How often a running probe was seen, by its serial. */
  #seen = new Map<number, number>();

  constructor(addon: WatchedAddon, options: WatchOptions) {
    this.#addon = addon;
    this.#options = options;
    setInterval(() => this.#look(), options.timeout / LOOKS).unref();
  }

  /**
   * The addon's probe. What it answers at once needs no watch: the supervisor watches the event loop.
   *
   * @throws RequestError INVALID_SOURCE_IMAGE where it is late
   */
  readonly probe: Probe = (held, size, wanted, lastRound, key = '') => {
    const probing = this.#addon.probe(held, size, wanted, lastRound, key);
    return probing instanceof Promise ? this.#watch(probing, key) : probing;
  };

  /** The addon's. @throws RequestError INVALID_SOURCE_IMAGE where it is late */
  readonly analyze: Analyze = (file, format, question, key) =>
    this.#watch(this.#addon.analyze(file, format, question, key), key);

  /** The addon's. @throws RequestError INVALID_SOURCE_IMAGE where it is late */
  readonly analyzeFrame: AnalyzeFrame = (held, size, lastRound, question, key) =>
    this.#watch(this.#addon.analyzeFrame(held, size, lastRound, question, key), key);

  #watch<T>(probing: Promise<T>, key: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const calls = this.#calls.get(key) ?? new Set();
      this.#calls.set(key, calls.add(reject));
      probing.then(resolve, reject).finally(() => {
        calls.delete(reject);
        if (calls.size === 0 && this.#calls.get(key) === calls) this.#calls.delete(key);
      });
    });
  }

  #look(): void {
    const seen = new Map<number, number>();
    for (const { key, serial, decodes } of this.#addon.running()) {
      const times = (this.#seen.get(serial) ?? 0) + 1;
      seen.set(serial, times);
      if (times === (decodes ? DECODING_LOOKS : LOOKS) + 1) this.#giveUp(key);
    }
    this.#seen = seen;
  }

  #giveUp(key: string): void {
    const calls = this.#calls.get(key);
    this.#calls.delete(key);
    const error = new RequestError(
      'INVALID_SOURCE_IMAGE',
      `reading it took too long, at a limit of ${this.#options.timeout} ms`,
    );
    for (const reject of calls ?? []) reject(error);
    this.#addon.giveUp(key);
    this.#options.onStuck(key);
  }
}
