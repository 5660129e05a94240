import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** How long a child may take to end when it is let go, in ms. */
const STOP_TIMEOUT = 5_000;

/**
 * A script of the benchmark that runs in a process of its own. It says one thing when it is ready, one
 * more each time that it is asked, and ends when it is let go.
 */
export class Child<Ready, Answer> {
  readonly #process: ChildProcess;
  /** Rejected where it ends before it is let go. */
  readonly #lost: Promise<never>;
  readonly ready: Promise<Ready>;

  /** @param script Its path, compiled. */
  constructor(script: string, args: string[]) {
    this.#process = fork(script, args, { execArgv: [] });
    this.#lost = new Promise((_, reject) => {
      this.#process
        .once('error', reject)
        .once('exit', (code, signal) => reject(new Error(`${script} ended: ${code ?? signal}`)));
    });
    // Nobody may be waiting for it just then.
    this.#lost.catch(() => {});
    this.ready = this.#hear<Ready>();
  }

  /** @throws Error where it ends before it answers. */
  ask(): Promise<Answer> {
    const answer = this.#hear<Answer>();
    if (this.#process.connected) this.#process.send('report');
    return answer;
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode, connected } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    const exit = once(this.#process, 'exit');
    if (connected) this.#process.disconnect();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_TIMEOUT);
    await exit;
    clearTimeout(timer);
  }

  async #hear<Message>(): Promise<Message> {
    const given = new AbortController();
    const message = once(this.#process, 'message', { signal: given.signal });
    try {
      const [first] = await Promise.race([message, this.#lost]);
      return first;
    } finally {
      message.catch(() => {});
      given.abort();
    }
  }
}
