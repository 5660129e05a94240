import { createRequire } from 'node:module';
import { isIP } from 'node:net';

// Required, not imported: what Node parses such a module with to find its names keeps 4 MB.
const ipaddr: typeof import('ipaddr.js') = createRequire(import.meta.url)('ipaddr.js');

/** Which of the addresses that are not on the public internet may be connected to. */
export interface AddressPolicy {
  /** Of this host: 127/8, ::1, and the unspecified addresses, which reach it too. */
  allowLoopback: boolean;
  /** Of this link: 169.254/16, fe80::/10; a cloud's metadata service lives there. */
  allowLinkLocal: boolean;
  /** Of this network: RFC 1918, unique local, shared (CGNAT), benchmarking. */
  allowPrivate: boolean;
}

/** What kind of a place an address is. A reserved one is never connected to. */
export type AddressClass = 'public' | 'loopback' | 'link-local' | 'private' | 'reserved';

type Octets = readonly number[];
type Network = readonly [network: Octets, prefix: number, of: AddressClass];

const network = (cidr: string, of: AddressClass): Network => {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  return [address.toByteArray(), prefix, of];
};

// IANA IPv4 Special-Purpose Address Registry; the first that matches counts.
const IPV4: readonly Network[] = [
  network('0.0.0.0/8', 'loopback'), // RFC 791: this network; Linux connects to itself
  network('127.0.0.0/8', 'loopback'), // RFC 1122
  network('169.254.0.0/16', 'link-local'), // RFC 3927
  network('10.0.0.0/8', 'private'), // RFC 1918
  network('172.16.0.0/12', 'private'), // RFC 1918
  network('192.168.0.0/16', 'private'), // RFC 1918
  network('100.64.0.0/10', 'private'), // RFC 6598: carrier-grade NAT
  network('192.0.0.0/24', 'private'), // RFC 6890: IETF protocol assignments
  network('198.18.0.0/15', 'private'), // RFC 2544: benchmarking
  network('192.0.2.0/24', 'reserved'), // RFC 5737: documentation
  network('198.51.100.0/24', 'reserved'), // RFC 5737
  network('203.0.113.0/24', 'reserved'), // RFC 5737
  network('192.88.99.0/24', 'reserved'), // RFC 7526: 6to4 relays, withdrawn
  network('224.0.0.0/4', 'reserved'), // RFC 5771: multicast
  network('240.0.0.0/4', 'reserved'), // RFC 1112, and broadcast
  network('0.0.0.0/0', 'public'),
];

// IANA IPv6 Special-Purpose Address Registry. What is outside 2000::/3 is not assigned.
const IPV6: readonly Network[] = [
  network('::/128', 'loopback'), // RFC 4291, 2.5.2: unspecified
  network('::1/128', 'loopback'), // RFC 4291, 2.5.3
  network('fe80::/10', 'link-local'), // RFC 4291, 2.5.6
  network('fc00::/7', 'private'), // RFC 4193: unique local
  network('fec0::/10', 'private'), // RFC 3879: site-local, withdrawn
  network('2001:2::/48', 'private'), // RFC 5180: benchmarking
  network('2001:10::/28', 'reserved'), // RFC 4843: ORCHID, withdrawn
  network('2001:db8::/32', 'reserved'), // RFC 3849: documentation
  network('3fff::/20', 'reserved'), // RFC 9637: documentation
  network('2000::/3', 'public'),
  network('::/0', 'reserved'),
];

/** IPv6 addresses that stand for an IPv4 address, and where in them its four bytes are. */
interface Embedding {
  matches(bytes: Octets): boolean;
  extract(bytes: Octets): Octets;
}

const last32 = (bytes: Octets): Octets => bytes.slice(12);
const within = (cidr: string, extract: (bytes: Octets) => Octets): Embedding => {
  const range = network(cidr, 'public');
  return { matches: (bytes) => contains(range, bytes), extract };
};

// RFC 6052, 2.2: where NAT64 puts the four bytes, by the length of its prefix. Byte 8 is skipped,
// and what follows the address is zero.
const localNat64 = (...at: [number, number, number, number]): Embedding => {
  const range = network('64:ff9b:1::/48', 'public');
  return {
    matches: (bytes) =>
      contains(range, bytes) &&
      bytes.slice(at[0]).some((byte) => byte !== 0) &&
      bytes.slice(at[3] + 1).every((byte) => byte === 0),
    extract: (bytes) => at.map((index) => bytes[index] as number),
  };
};

const EMBEDDINGS: readonly Embedding[] = [
  within('::ffff:0:0/96', last32), // RFC 4291, 2.5.5.2: mapped
  within('::ffff:0:0:0/96', last32), // RFC 7915: translated
  within('::/96', last32), // RFC 4291, 2.5.5.1: compatible; also :: and ::1
  within('64:ff9b::/96', last32), // RFC 6052: NAT64
  localNat64(6, 7, 9, 10), // RFC 8215: NAT64 for local use, prefix /48
  localNat64(7, 9, 10, 11), // /56
  localNat64(9, 10, 11, 12), // /64
  localNat64(12, 13, 14, 15), // /96
  within('2002::/16', (bytes) => bytes.slice(2, 6)), // RFC 3056: 6to4
  within('2001::/32', (bytes) => last32(bytes).map((byte) => byte ^ 0xff)), // RFC 4380, 4: Teredo
  {
    // RFC 5214, 6.1: ISATAP, in any prefix
    matches: (b) => ((b[8] as number) & ~2) === 0 && b[9] === 0 && b[10] === 0x5e && b[11] === 0xfe,
    extract: last32,
  },
];

/**
 * Says why an address may not be connected to, or undefined if it may.
 *
 * @param address An IPv4 or IPv6 address as the resolver gives it; anything else is refused.
 */
export function refuseAddress(address: string, policy: AddressPolicy): string | undefined {
  const allowed: Record<AddressClass, boolean> = {
    public: true,
    loopback: policy.allowLoopback,
    'link-local': policy.allowLinkLocal,
    private: policy.allowPrivate,
    reserved: false,
  };
  const refused = classifyAddress(address).find((of) => !allowed[of]);
  return refused && `${refused} source address is not allowed: ${address}`;
}

/**
 * What an address is, and what the IPv4 addresses are that it may stand for. An address that stands
 * for others is judged by them alone, unless it has a class of its own.
 */
export function classifyAddress(address: string): AddressClass[] {
  if (isIP(address) === 0) return ['reserved'];
  const bytes = ipaddr.parse(address).toByteArray();
  if (bytes.length === 4) return [classify(bytes, IPV4)];
  const embedded = EMBEDDINGS.filter((embedding) => embedding.matches(bytes)).map((embedding) =>
    classify(embedding.extract(bytes), IPV4),
  );
  const own = classify(bytes, IPV6);
  return embedded.length > 0 && own === 'reserved' ? embedded : [own, ...embedded];
}

function classify(bytes: Octets, networks: readonly Network[]): AddressClass {
  return networks.find((candidate) => contains(candidate, bytes))?.[2] ?? 'reserved';
}

function contains([octets, prefix]: Network, bytes: Octets): boolean {
  if (octets.length !== bytes.length) return false;
  for (let bit = 0; bit < prefix; bit += 8) {
    const mask = prefix - bit >= 8 ? 0xff : (0xff << (8 - (prefix - bit))) & 0xff;
    const index = bit >> 3;
    if ((((octets[index] as number) ^ (bytes[index] as number)) & mask) !== 0) return false;
  }
  return true;
}
