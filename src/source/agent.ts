import { isIP } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { RequestError } from '../errors.ts';
import { type AddressPolicy, refuseAddress } from './address.ts';
import { NameMemory } from './dns/memory.ts';
import { createResolve } from './dns/resolve.ts';
import type { Resolve } from './dns/resolved.ts';
import { createGuardedLookup } from './lookup.ts';

/** Connections to one origin; more requests wait. What one origin holds up, it holds from no other. */
const MAX_CONNECTIONS = 128;

/**
 * How long one of several addresses may take to answer before the next is tried, in ms. Node gives
 * up after 250 ms, which origins behind a slow link do not make.
 */
const ATTEMPT_TIMEOUT = 1_000;

/** Bytes of a response's head: more than Node's 16 KiB, which some origins' policies fill. */
const MAX_HEAD = 64 * 1024;

/** What making connections takes. */
export interface AgentOptions {
  addresses: AddressPolicy;
  /** ms that connecting may take. */
  connectTimeout: number;
  /** ms that an idle connection is kept; 0 keeps none. */
  keepAliveTimeout: number;
  ignoreSslVerification: boolean;
  /** Stands in for the resolver of names. */
  resolve?: Resolve | undefined;
}

/** The pools of connections, one for each origin, to allowed addresses alone. */
export class Connections {
  #agent: Agent;
  /** Requests that are under way, by their origin. */
  #wanted = new Map<string, number>();

  constructor(options: AgentOptions) {
    const keeps = options.keepAliveTimeout > 0;
    this.#agent = new Agent({
      connect: this.#createConnector(options),
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
  send(origin: string, path: string, headers: string[], handler: Dispatcher.DispatchHandler): void {
    this.#wanted.set(origin, (this.#wanted.get(origin) ?? 0) + 1);
    this.#agent.dispatch({ origin, path, method: 'GET', headers }, handler);
  }

  release(origin: string): void {
    const left = (this.#wanted.get(origin) ?? 0) - 1;
    if (left > 0) this.#wanted.set(origin, left);
    else this.#wanted.delete(origin);
  }

  /** Closes all connections, those in use too. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #createConnector({ addresses, ...options }: AgentOptions): buildConnector.connector {
    const names = new NameMemory(options.resolve ?? createResolve());
    const connect = buildConnector({
      timeout: options.connectTimeout,
      lookup: createGuardedLookup(addresses, names),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT,
      rejectUnauthorized: !options.ignoreSslVerification,
    } as buildConnector.BuildOptions);

    const doubting = (hostname: string, callback: buildConnector.Callback) =>
      ((...connected) => {
        if (connected[0]) names.doubt(hostname);
        callback(...connected);
      }) as buildConnector.Callback;

    return (target, callback) => {
      // undici connects anew for a request that was aborted on its connection (nodejs/undici#5845).
      if (!this.#wanted.has(`${target.protocol}//${target.host}`)) {
        callback(new Error('nobody waits for the connection'), null);
        return;
      }
      // A literal address is never looked up, so that it is checked here.
      const refusal = isIP(target.hostname) && refuseAddress(target.hostname, addresses);
      if (refusal) callback(new RequestError('INVALID_SOURCE_URL', refusal), null);
      else connect(target, doubting(target.hostname, callback));
    };
  }
}
