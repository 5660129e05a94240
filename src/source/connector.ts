import { isIP, type Socket } from 'node:net';
import { LRUCache } from 'lru-cache';
import type * as undici from 'undici';
import { RequestError } from '../errors.ts';
import { type AddressPolicy, refuseAddress } from './address.ts';
import { NameMemory } from './dns/memory.ts';
import type { Resolve } from './dns/resolved.ts';
import { createGuardedLookup } from './lookup.ts';
import type { Connected, Sockets } from './sockets.ts';
import { buildConnector } from './undici.ts';

/**
 * How long one of several addresses may take to answer before the next is tried, in ms. Node gives
 * up after 250 ms, which origins behind a slow link do not make.
 */
const ATTEMPT_TIMEOUT = 1_000;

/** Hosts whose last TLS session is kept: a few KB each. */
const MAX_SESSIONS = 500;

/** What making connections takes. */
export interface ConnectorOptions {
  addresses: AddressPolicy;
  /** ms that connecting may take. */
  connectTimeout: number;
  ignoreSslVerification: boolean;
  resolve: Resolve;
}

/** Connects for one client of undici's, which says whether it does nothing. */
export type Connector = (
  target: undici.buildConnector.Options,
  connected: undici.buildConnector.Callback,
  isIdle: () => boolean,
) => void;

/** Makes what connects to origins, at allowed addresses alone and within the limits of `sockets`. */
export function createConnector(
  { addresses, ...options }: ConnectorOptions,
  sockets: Sockets,
): Connector {
  const names = new NameMemory(options.resolve);
  const connect = createTransport(options, createGuardedLookup(addresses, names));

  const begin = (target: undici.buildConnector.Options, connected: Connected) => {
    // Whoever waited for room may be gone by now, which undici does not look at.
    if (!sockets.isWanted(originOf(target))) {
      connected(new Error('nobody waits for the connection'), null);
      return;
    }
    // A literal address is never looked up, so that it is checked here.
    const refusal = isIP(target.hostname) && refuseAddress(target.hostname, addresses);
    if (refusal) {
      connected(new RequestError('INVALID_SOURCE_URL', refusal), null);
      return;
    }
    connect(target, (error, socket) => {
      if (error) names.doubt(target.hostname);
      connected(error, socket);
    });
  };

  return (target, callback, isIdle) => {
    const wish = {
      origin: originOf(target),
      connect: (connected: Connected) => begin(target, connected),
      isIdle,
    };
    sockets.connect(wish, callback as Connected);
  };
}

function originOf({ protocol, host }: undici.buildConnector.Options): string {
  return `${protocol}//${host}`;
}

/** Connects over TCP or TLS, and resumes the TLS session that a host gave last. */
function createTransport(
  { connectTimeout, ignoreSslVerification }: Omit<ConnectorOptions, 'addresses'>,
  lookup: ReturnType<typeof createGuardedLookup>,
): (target: undici.buildConnector.Options, connected: Connected) => void {
  const connect = buildConnector({
    timeout: connectTimeout,
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT,
    rejectUnauthorized: !ignoreSslVerification,
    maxCachedSessions: MAX_SESSIONS,
  } as undici.buildConnector.BuildOptions);
  // undici refers to sessions weakly, and the next garbage collection takes them. Here they are held.
  const sessions = new LRUCache<string, Buffer>({ max: MAX_SESSIONS });

  return (target, connected) => {
    sessions.get(target.hostname);
    // It gives the socket back as well, though its type does not say so.
    const socket: unknown = connect(target, connected as undici.buildConnector.Callback);
    if (target.protocol !== 'https:') return;
    (socket as Socket).on('session', (session) => sessions.set(target.hostname, session));
  };
}
