import type { LookupAddress, LookupOptions } from 'node:dns';
import * as dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
import { RequestError } from '../errors.ts';
import { type AddressPolicy, refuseAddress } from './address.ts';

/** Resolves a name to all of its addresses, in the order to try them. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/**
 * How long addresses are remembered, in ms. The system's resolver runs on libuv's few threads, so
 * that many connections to one host must not each ask it; a host that moves must be found soon.
 */
const MEMORY = 5_000;
const MAX_NAMES = 1_000;

/** Asks the system's resolver, which knows the hosts file and the search domains. */
export const resolveBySystem: Resolve = (hostname) =>
  dns.promises.lookup(hostname, { all: true, order: 'verbatim' });

/**
 * Makes a lookup for sockets that gives the allowed addresses of a host alone: as the socket
 * connects to what it is given, no name can be bent to an address that is refused.
 */
export function createGuardedLookup(
  policy: AddressPolicy,
  resolve: Resolve = resolveBySystem,
): LookupFunction {
  const known = new LRUCache<string, Promise<LookupAddress[]>>({ max: MAX_NAMES, ttl: MEMORY });

  const remember = (hostname: string): Promise<LookupAddress[]> => {
    const found = known.get(hostname);
    if (found) return found;
    const asked = resolve(hostname);
    known.set(hostname, asked);
    asked.catch(() => known.delete(hostname));
    return asked;
  };

  return (hostname, options, callback) => {
    remember(hostname).then(
      (addresses) => {
        const fitting = ofFamily(addresses, options);
        const allowed = fitting.filter(({ address }) => !refuseAddress(address, policy));
        const [first] = allowed;
        if (!first) return callback(toRefusal(hostname, fitting, policy), []);
        if (options.all) return callback(null, allowed);
        callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

function ofFamily(addresses: LookupAddress[], { family }: LookupOptions): LookupAddress[] {
  const wanted = { 4: 4, IPv4: 4, 6: 6, IPv6: 6 }[family ?? 0];
  return wanted ? addresses.filter((address) => address.family === wanted) : addresses;
}

function toRefusal(hostname: string, addresses: LookupAddress[], policy: AddressPolicy): Error {
  const [first] = addresses;
  if (!first) return new RequestError('SOURCE_UNREACHABLE', `${hostname} has no address`);
  const reason = refuseAddress(first.address, policy);
  return new RequestError('INVALID_SOURCE_URL', `${hostname}: ${reason}`);
}
