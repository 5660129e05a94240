import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';

/** The addresses of names in lower case. */
export type Hosts = ReadonlyMap<string, LookupAddress[]>;

/** Parses a hosts file (hosts(5)): an address and its names a line, `#` begins a comment. */
export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, LookupAddress[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names) {
      const known = hosts.get(name.toLowerCase());
      if (known) known.push({ address, family });
      else hosts.set(name.toLowerCase(), [{ address, family }]);
    }
  }
  return hosts;
}
