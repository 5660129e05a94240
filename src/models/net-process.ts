import { type ChildProcess, fork } from 'node:child_process';
import { RequestError } from '../errors.ts';
import type { NetPixels } from '../native.ts';
import type { FromNetProcess, ToNetProcess } from './messages.ts';
import { type Net, NetMistake } from './net.ts';

/** Milliseconds that a net may take to be loaded and tried. */
const LOAD_TIMEOUT = 60_000;

/** Options of Node for a process that asks nets: what is large there is no part of its heap. */
const NODE_OPTIONS = ['--max-semi-space-size=2'];

/** One who waits for the process' word. */
interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** A process of its own that asks one net, a picture at a time. */
export class NetProcess {
  readonly #child: ChildProcess;
  #waiting: Waiting | undefined;
  /** Why it is no more. */
  #ended: Error | undefined;

  /** Starts it. It can be asked once {@link load} is done. */
  constructor() {
    this.#child = fork(new URL('./process.js', import.meta.url), [], {
      execArgv: NODE_OPTIONS,
      env: withoutSecrets(process.env),
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: FromNetProcess) => this.#take(message));
    this.#child.once('exit', (code, signal) => {
      this.#end(
        new RequestError('INTERNAL', `a model's process ended: ${signal ?? `status ${code}`}`),
      );
    });
    // A process that cannot be started at all has no exit.
    this.#child.on('error', (error) => {
      if (this.#child.pid === undefined) this.#end(error);
    });
  }

  /** Whether it can be asked no more. */
  get isGone(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * Loads the net and tries it.
   *
   * @param threads Threads of an inference.
   * @throws NetMistake where it is not what the configuration says; Error where the process ended
   */
  async load(net: Net, threads: number): Promise<void> {
    await this.#tell({ type: 'load', net, threads }, LOAD_TIMEOUT);
  }

  /**
   * Asks the net. What takes too long ends the process: nothing else ends an inference.
   *
   * @param timeout Milliseconds that it may take.
   * @throws RequestError TIMEOUT where it takes longer, INTERNAL where the process ends or the net fails
   */
  ask(pixels: NetPixels, timeout: number): Promise<unknown> {
    return this.#tell({ type: 'ask', pixels }, timeout);
  }

  /** Ends the process, whatever it is at. @param why What who waits is told. */
  kill(why = new RequestError('INTERNAL', "a model's process was stopped")): void {
    this.#end(why);
    this.#child.kill('SIGKILL');
  }

  #tell(message: ToNetProcess, timeout: number): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.kill(new RequestError('TIMEOUT', `a model took longer than ${timeout} ms`)),
        timeout,
      );
      this.#waiting = { resolve, reject, timer };
      this.#child.send(message, () => {});
    });
  }

  #take(message: FromNetProcess): void {
    const waiting = this.#leave();
    if (message.type !== 'failed')
      waiting?.resolve('answer' in message ? message.answer : undefined);
    else if (message.mistake) waiting?.reject(new NetMistake(message.message));
    else waiting?.reject(new RequestError('INTERNAL', `a model failed: ${message.message}`));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#leave()?.reject(this.#ended);
  }

  /** Who waits, and waits no more. */
  #leave(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    clearTimeout(waiting?.timer);
    return waiting;
  }
}

/** The environment without what is set for the server: keys among it. */
function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:IMGPROXY|IMGPEEK)_/.test(name)),
  );
}
