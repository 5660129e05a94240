import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { Connector } from './connector.ts';
import { Client } from './undici.ts';

/** What handles an answer, and is told by what connection it comes. */
export interface Carried extends Dispatcher.DispatchHandler {
  /** Told before the request is sent. */
  carrier: Carrier | undefined;
}

/** A request, as it goes to a client. */
export interface Order extends Dispatcher.DispatchOptions {
  carried: Carried;
}

/** What carries one request at a time. */
export interface Carrier {
  /** Closes the connection that the request is on, and with it the request. */
  drop(reason: Error): void;
}

/** A client of undici's with one connection, which can be told from others by the connector. */
export class SingleClient extends Client implements Carrier {
  #socket: Socket | null = null;

  constructor(origin: URL, options: object, connect: Connector) {
    const isIdle = () => this.stats.size === 0;
    super(origin, {
      ...options,
      connect: (target, connected) => {
        const keep: typeof connected = (...outcome) => {
          this.#socket = outcome[1];
          connected(...outcome);
        };
        connect(target, keep, isIdle);
      },
    });
  }

  override dispatch(order: Order, handler: Dispatcher.DispatchHandler): boolean {
    order.carried.carrier = this;
    return super.dispatch(order, handler);
  }

  // Where a request is aborted by undici's own means, the client takes it for one that is still to
  // be sent, and connects anew for it (nodejs/undici#5845). One that fails with its socket is over.
  drop(reason: Error): void {
    this.#socket?.destroy(reason);
  }
}
