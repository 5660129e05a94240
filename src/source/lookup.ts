import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { RequestError } from '../errors.ts';
import { type AddressPolicy, refuseAddress } from './address.ts';
import type { NameMemory } from './dns/memory.ts';

/**
 * Makes a lookup for sockets that gives the allowed addresses of a host alone: as the socket
 * connects to what it is given, no name can be bent to an address that is refused.
 */
export function createGuardedLookup(policy: AddressPolicy, names: NameMemory): LookupFunction {
  return (hostname, options, callback) => {
    names.addressesOf(hostname).then(
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
