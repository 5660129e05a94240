import type { CancelSignal } from '../cancel.ts';
import type { NetPixels } from '../native.ts';
import { toAbortError } from '../source/errors.ts';
import type { Net, NetAnswers } from './net.ts';
import { NetProcess } from './net-process.ts';

/** Milliseconds before a process that could not load its net is followed by another, at first. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

/** How much a net may do. */
export interface PoolLimits {
  /** Pictures that it is asked about at a time, each by a process of its own. */
  streams: number;
  /** Threads of an inference. */
  threads: number;
  /** Milliseconds of an inference. */
  timeout: number;
}

/** A picture that waits for a process. */
interface Waiting {
  pixels: NetPixels;
  signal: CancelSignal;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
  leave(): void;
}

/**
 * Asks a net about pictures, a few at a time; the others wait in the order of coming. A process is
 * started when all others are busy, and takes the place of one that ended.
 */
export class NetPool<N extends Net = Net> {
  readonly #net: N;
  readonly #limits: PoolLimits;
  readonly #processes = new Set<NetProcess>();
  readonly #idle: NetProcess[] = [];
  readonly #queue = new Set<Waiting>();
  #loading = 0;
  #pause = 0;
  #resume: NodeJS.Timeout | undefined;
  /** Why the last process could not load the net. */
  #failure: unknown;
  #closed = false;

  constructor(net: N, limits: PoolLimits) {
    this.#net = net;
    this.#limits = limits;
  }

  /** Starts a first process before it is wanted. */
  warm(): void {
    if (this.#processes.size === 0) void this.#start();
  }

  /**
   * Asks the net.
   *
   * @param signal Ends the waiting; what the net is at goes on.
   * @throws RequestError TIMEOUT where the net takes too long, INTERNAL where it fails; what the signal says
   */
  ask(pixels: NetPixels, signal: CancelSignal): Promise<NetAnswers[N['task']]> {
    if (signal.aborted) return Promise.reject(toAbortError(signal));
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.delete(waiting);
        reject(toAbortError(signal));
      };
      const waiting: Waiting = {
        pixels,
        signal,
        leave,
        resolve: (answer) => resolve(answer as NetAnswers[N['task']]),
        reject,
      };
      signal.addEventListener('abort', leave);
      this.#queue.add(waiting);
      this.#next();
    });
  }

  /** Ends all processes; what waits fails. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#resume);
    for (const process of this.#processes) process.kill();
    this.#failAll(new Error('the models are closed'));
  }

  #next(): void {
    for (const waiting of this.#queue) {
      const process = this.#takeIdle();
      if (!process) break;
      this.#queue.delete(waiting);
      void this.#serve(waiting, process);
    }
    if (this.#resume) {
      if (this.#processes.size === 0) this.#failAll(this.#failure);
    } else if (this.#queue.size > this.#loading && this.#processes.size < this.#limits.streams) {
      void this.#start();
    }
  }

  /** One that waits for work. It may have ended meanwhile. */
  #takeIdle(): NetProcess | undefined {
    for (let process = this.#idle.pop(); process; process = this.#idle.pop()) {
      if (!process.isGone) return process;
      this.#processes.delete(process);
    }
    return undefined;
  }

  async #serve({ pixels, signal, leave, resolve, reject }: Waiting, process: NetProcess) {
    try {
      resolve(await process.ask(pixels, this.#limits.timeout));
    } catch (error) {
      reject(error);
    }
    signal.removeEventListener('abort', leave);
    if (process.isGone) this.#processes.delete(process);
    else this.#idle.push(process);
    this.#next();
  }

  async #start(): Promise<void> {
    if (this.#closed) return;
    const process = new NetProcess();
    this.#processes.add(process);
    this.#loading += 1;
    try {
      await process.load(this.#net, this.#limits.threads);
      this.#idle.push(process);
      this.#pause = 0;
    } catch (error) {
      process.kill();
      this.#processes.delete(process);
      this.#rest(error);
    }
    this.#loading -= 1;
    this.#next();
  }

  /** Starts no process for a while: what fails once will fail again. */
  #rest(failure: unknown): void {
    this.#failure = failure;
    this.#pause = Math.min(Math.max(FIRST_PAUSE, 2 * this.#pause), LONGEST_PAUSE);
    clearTimeout(this.#resume);
    this.#resume = setTimeout(() => {
      this.#resume = undefined;
      this.#next();
    }, this.#pause).unref();
  }

  #failAll(error: unknown): void {
    for (const { signal, leave, reject } of this.#queue) {
      signal.removeEventListener('abort', leave);
      reject(error);
    }
    this.#queue.clear();
  }
}
