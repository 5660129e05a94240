import { codeOf } from '../errors.ts';
import { FollowedFile } from './followed-file.ts';
import { parseHosts } from './hosts.ts';
import { NameServers } from './queries.ts';
import type { Resolved, Resolver } from './resolved.ts';
import { parseSearch, type Search, toCandidates } from './search.ts';
import { type AskSystem, SystemResolver } from './system.ts';

/** Seconds for which addresses hold that come without a TTL, from the hosts file or the system. */
const TTL_OF_SYSTEM = 5;

const LOOPBACK: Resolved = {
  addresses: [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ],
  ttl: TTL_OF_SYSTEM,
};

/** Codes of failures after which asking anybody else would be in vain. */
const FINAL = new Set(['ETIMEOUT', 'ECANCELLED']);

/** What stands in for the system's own, for tests. */
export interface ResolverOptions {
  hostsFile?: string;
  resolvConf?: string;
  /** Addresses of name servers, with ports if need be. */
  servers?: readonly string[];
  askSystem?: AskSystem;
}

/**
 * Makes what resolves names as getaddrinfo does, without its threads: from the hosts file, then from
 * the name servers with the search list of resolv.conf. Only a name that they do not know is asked of
 * getaddrinfo, as something else on this system may. One for which they are silent is not: it would
 * only hold a thread for as long.
 */
export function createResolver(options: ResolverOptions = {}): Resolver {
  const hosts = new FollowedFile(options.hostsFile ?? '/etc/hosts', parseHosts);
  const search = new FollowedFile(options.resolvConf ?? '/etc/resolv.conf', parseSearch);
  const system = new SystemResolver(options.askSystem);
  let current: { servers: NameServers; search: Search } | undefined;

  // c-ares reads the name servers once.
  const follow = () => {
    const now = search.read();
    if (current?.search !== now)
      current = { servers: new NameServers(options.servers), search: now };
    return current;
  };

  const askServers = async (name: string): Promise<Resolved | undefined> => {
    const { servers, search } = follow();
    let failure: unknown;
    for (const candidate of toCandidates(name, search)) {
      try {
        return await servers.resolve(candidate);
      } catch (error) {
        if (FINAL.has(codeOf(error))) throw error;
        if (codeOf(error) === 'ESERVFAIL') failure ??= error;
      }
    }
    if (failure) throw failure;
    return undefined;
  };

  const resolve = async (hostname: string): Promise<Resolved> => {
    const name = hostname.toLowerCase();
    const own = hosts.read().get(name.replace(/\.$/, ''));
    if (own) return { addresses: own, ttl: TTL_OF_SYSTEM };
    if (isOfThisHost(name)) return LOOPBACK;
    const found = await askServers(name);
    return found ?? { addresses: await system.resolve(hostname), ttl: TTL_OF_SYSTEM };
  };

  return { resolve, close: () => current?.servers.cancel() };
}

// RFC 6761, 6.3: these are loopback addresses, also where there is no hosts file that says so, and no
// name server is asked for them.
function isOfThisHost(name: string): boolean {
  return /(^|\.)localhost\.?$/.test(name);
}
