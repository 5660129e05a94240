import type * as undici from 'undici';
import { type Carried, type Order, SingleClient } from './client.ts';
import { type Connector, type ConnectorOptions, createConnector } from './connector.ts';
import { createResolver } from './dns/resolve.ts';
import type { Resolve } from './dns/resolved.ts';
import { type SocketLimits, Sockets } from './sockets.ts';
import { Agent, Pool } from './undici.ts';

/** Connections to one origin; more requests wait. What one origin holds up, it holds from no other. */
const MAX_CONNECTIONS = 128;

/**
 * Sockets to all origins together. That many are never used at once but by many slow origins; of
 * idle ones, each takes some 25 KB with its pool.
 */
const SOCKET_LIMITS: SocketLimits = { max: 2_048, maxIdle: 512 };

/** Bytes of a response's head: more than Node's 16 KiB, which some origins' policies fill. */
const MAX_HEAD = 64 * 1024;

/** What making and keeping connections takes. */
export interface AgentOptions extends Omit<ConnectorOptions, 'resolve'> {
  /** ms that an idle connection is kept; 0 keeps none. */
  keepAliveTimeout: number;
  /** Stands in for the resolver of names. */
  resolve?: Resolve | undefined;
  /** In place of our own. */
  socketLimits?: SocketLimits | undefined;
}

/** The pools of connections, one for each origin. */
export class Connections {
  #agent: undici.Agent;
  #sockets: Sockets;
  #resolver = createResolver();

  constructor(options: AgentOptions) {
    const keeps = options.keepAliveTimeout > 0;
    this.#sockets = new Sockets(options.socketLimits ?? SOCKET_LIMITS);
    const resolve = options.resolve ?? this.#resolver.resolve;
    this.#agent = new Agent({
      factory: createPools(createConnector({ ...options, resolve }, this.#sockets)),
      connections: MAX_CONNECTIONS,
      // undici's word for no keep-alive is a pipelining of 0.
      pipelining: keeps ? 1 : 0,
      ...(keeps && {
        keepAliveTimeout: options.keepAliveTimeout,
        keepAliveMaxTimeout: options.keepAliveTimeout,
      }),
      maxHeaderSize: MAX_HEAD,
      // One deadline holds for the whole download; these would only be timers more.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Sends a GET. Whoever sends it releases its origin once nobody waits for the answer any more. */
  send(origin: string, path: string, headers: string[], carried: Carried): void {
    this.#sockets.want(origin);
    const order: Order = { origin, path, method: 'GET', headers, carried };
    this.#agent.dispatch(order, carried);
  }

  release(origin: string): void {
    this.#sockets.release(origin);
  }

  /** Closes all connections, those in use too. */
  async close(): Promise<void> {
    this.#resolver.close();
    await this.#agent.destroy();
  }
}

/** Makes pools of clients that have one connection each. */
function createPools(connect: Connector): NonNullable<undici.Agent.Options['factory']> {
  const factory = (origin: URL, options: object) => new SingleClient(origin, options, connect);
  return (origin, options) => new Pool(origin, { ...options, factory });
}
