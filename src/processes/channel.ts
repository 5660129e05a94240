import {
  HEARTBEAT,
  type ProcessMetrics,
  type ServingSettings,
  type ToServing,
  type ToSupervisor,
} from './messages.ts';

/** What a serving process does at its supervisor's word. */
export interface Orders {
  /** Refuses the file of this key from now on. */
  refuse(key: string): void;
  /** Says what was measured. */
  metrics(): Promise<ProcessMetrics>;
}

/** A serving process' end of the channel to its supervisor. */
export class Channel {
  #orders: Orders | undefined;
  #early: ToServing[] = [];
  #stop: (delay: number) => void = () => {};

  /**
   * Waits for the settings.
   *
   * @returns Them, and a promise of the ms to drain, kept when it is time to stop: the supervisor
   * says so, or is gone.
   * @throws Error in a process that no supervisor started.
   */
  async open(): Promise<{ settings: ServingSettings; stopped: Promise<number> }> {
    if (!process.connected) throw new Error('a serving process is started by `imgpeek serve`');
    const stopped = new Promise<number>((resolve) => {
      this.#stop = resolve;
    });
    process.once('disconnect', () => this.#stop(0));
    const settings = await new Promise<ServingSettings>((resolve) => {
      process.on('message', (message: ToServing) => {
        if (message.type === 'start') resolve(message.settings);
        else this.#take(message);
      });
    });
    return { settings, stopped };
  }

  /** Obeys from now on, beginning with what was said meanwhile. */
  obey(orders: Orders): void {
    this.#orders = orders;
    for (const message of this.#early.splice(0)) this.#take(message);
  }

  /** Begins to give signs of life. */
  beat(): void {
    setInterval(() => this.send({ type: 'alive' }), HEARTBEAT).unref();
  }

  send(message: ToSupervisor): void {
    // The supervisor may die at any moment; then it is time to stop.
    if (process.connected) process.send?.(message, () => {});
  }

  /** Says why it cannot serve, and ends the process. */
  fail(message: string): void {
    process.send?.({ type: 'failed', message } satisfies ToSupervisor, () => process.exit(1));
  }

  #take(message: ToServing): void {
    if (message.type === 'stop') this.#stop(message.delay);
    else if (!this.#orders) this.#early.push(message);
    else if (message.type === 'refuse') this.#orders.refuse(message.key);
    else if (message.type === 'metrics') {
      void this.#orders.metrics().then((metrics) => this.send({ type: 'metrics', metrics }));
    }
  }
}
