import sonicBoom from 'sonic-boom';
import type { Format, Level } from './entry.ts';
import type { Sink } from './log.ts';

/**
 * Bytes that one write holds at most: a pipe takes as many at once (PIPE_BUF, pipe(7)), so that lines
 * of several processes are not mixed.
 */
const MAX_WRITE = 4096;

/** Bytes that wait for a reader that stalls; lines beyond them are dropped. */
const MAX_WAITING = 16 * 1024 * 1024;

/** Standard output, written from a thread of libuv's: a reader that stalls holds up no request. */
export class StdoutSink implements Sink {
  readonly level: Level;
  readonly format: Format;
  readonly #stream = new sonicBoom.SonicBoom({
    fd: 1,
    sync: false,
    maxWrite: MAX_WRITE,
    maxLength: MAX_WAITING,
  });
  #broken = false;

  constructor(level: Level, format: Format) {
    this.level = level;
    this.format = format;
    // Who reads has gone: there is nobody to tell.
    this.#stream.on('error', () => {
      this.#broken = true;
    });
    process.once('exit', () => this.flush());
  }

  write(line: string): void {
    if (!this.#broken) this.#stream.write(`${line}\n`);
  }

  /** Writes out what waits, and waits for it. */
  flush(): void {
    if (this.#broken) return;
    try {
      this.#stream.flushSync();
    } catch {
      this.#broken = true;
    }
  }
}
