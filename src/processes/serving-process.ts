import { type ChildProcess, fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import { toThrift } from './memory.ts';
import {
  CRASH_NOTE_FD,
  type ServingSettings,
  type ToServing,
  type ToSupervisor,
} from './messages.ts';

/** Milliseconds from the first signal to a hung process, which lets it say why, to the last. */
const LAST_WORDS = 500;

/** Bytes of a crash note: a key and a line feed. */
const MAX_NOTE = 1024;

/** What a serving process does that its supervisor must know. */
export interface ServingEvents {
  onMessage(message: ToSupervisor): void;
  /** It crashed while it read the file of this key. */
  onCrashNote(key: string): void;
  /** It is gone. */
  onExit(how: string): void;
}

/** One serving process, as its supervisor sees it. */
export class ServingProcess {
  readonly #child: ChildProcess;
  #exited = false;
  #missed = 0;
  #awaitingMetrics: (() => void)[] = [];
  /** When it was ready, in ms of the process' clock; undefined while it starts. */
  readySince: number | undefined;

  constructor(entry: URL, settings: ServingSettings, events: ServingEvents) {
    this.#child = fork(entry, [], {
      ...toThrift(process.execArgv, process.env),
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
    });
    this.#child.on('message', (message: ToSupervisor) => {
      this.#missed = 0;
      if (message.type === 'ready') this.readySince = performance.now();
      events.onMessage(message);
      if (message.type === 'metrics') for (const done of this.#awaitingMetrics.splice(0)) done();
    });
    this.#child.once('exit', (code, signal) => {
      this.#exited = true;
      events.onExit(signal ?? `status ${code}`);
    });
    // A process that cannot be started at all has no exit. A message to one that just died is lost.
    this.#child.on('error', (error) => {
      if (this.#child.pid !== undefined || this.#exited) return;
      this.#exited = true;
      events.onExit(error.message);
    });
    this.#readCrashNotes(events);
    this.send({ type: 'start', settings });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToServing): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Asks for what it counted; kept when the message with it has been handed on. */
  askMetrics(): Promise<void> {
    this.send({ type: 'metrics' });
    return new Promise((resolve) => this.#awaitingMetrics.push(resolve));
  }

  /**
   * Counts a turn of the supervisor's clock that brought no sign of life. Turns are counted, not
   * time, as all processes stand still while the machine sleeps.
   *
   * @returns How many turns have passed since the last sign.
   */
  countMissed(): number {
    return ++this.#missed;
  }

  /** Ends a process that hangs. SIGABRT first: its handler says which file it is at. */
  abort(): void {
    this.#child.kill('SIGABRT');
    setTimeout(() => this.kill(), LAST_WORDS).unref();
  }

  kill(): void {
    if (!this.#exited) this.#child.kill('SIGKILL');
  }

  #readCrashNotes({ onCrashNote }: ServingEvents): void {
    let text = '';
    (this.#child.stdio[CRASH_NOTE_FD] as Readable | undefined)
      ?.setEncoding('latin1')
      .on('data', (part: string) => {
        text = (text + part).slice(-MAX_NOTE);
        const lines = text.split('\n');
        text = lines.pop() ?? '';
        for (const key of lines) onCrashNote(key);
      })
      // The other end goes with its process, in whatever way that ends.
      .on('error', () => {});
  }
}
