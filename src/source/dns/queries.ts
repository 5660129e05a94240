import { promises as dns, type LookupAddress } from 'node:dns';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { classifyAddress } from '../address.ts';
import { codeOf } from '../errors.ts';
import type { Resolved } from './resolved.ts';

/** ms that a name server has for its first answer, doubled each time that it is asked again. */
const TIMEOUT = 1_000;
const TRIES = 3;

/** Addresses of one family that are kept: a stranger's name server may give thousands. */
const MAX_ADDRESSES = 16;

/**
 * How long addresses of one family wait for those of the other, in ms. Some name servers never
 * answer for AAAA. RFC 8305, 3, has 50; whoever is late is missed until the other's addresses expire.
 */
const PATIENCE = 500;

/** What the family's question came to: some records, or why there are none. */
type Answer = { address: string; ttl: number }[] | NodeJS.ErrnoException;

/** From the failure that says the least about the name to the one that says the most. */
const BY_WEIGHT = ['ETIMEOUT', 'ESERVFAIL'];

/** Asks name servers, by c-ares, which waits on the event loop and takes no thread. */
export class NameServers {
  #resolver = new dns.Resolver({ timeout: TIMEOUT, tries: TRIES });

  /** @param servers In place of those in the resolv.conf of this moment. */
  constructor(servers?: readonly string[]) {
    if (servers) this.#resolver.setServers(servers);
  }

  /**
   * Asks for the addresses of a whole name, of both families.
   *
   * @throws Error with a code of c-ares
   */
  async resolve(name: string): Promise<Resolved> {
    const v4 = settle(this.#resolver.resolve4(name, { ttl: true }));
    const v6 = settle(this.#resolver.resolve6(name, { ttl: true }));
    const answers = await Promise.all([orLate(v4, v6), orLate(v6, v4)]);
    const found = answers.map((answer) => (Array.isArray(answer) ? answer : []));
    const ttls = found.flat().map(({ ttl }) => ttl);
    if (ttls.length === 0) throw weightiest(answers);
    const [of4 = [], of6 = []] = found.map((records, index) => toAddresses(records, index ? 6 : 4));
    const isIPv6First = of6.length > 0 && of4.length > 0 && hasGlobalIPv6();
    const addresses = isIPv6First ? [...of6, ...of4] : [...of4, ...of6];
    return { addresses, ttl: Math.min(...ttls) };
  }

  /** Gives up what is asked for. */
  cancel(): void {
    this.#resolver.cancel();
  }
}

function settle(question: Promise<{ address: string; ttl: number }[]>): Promise<Answer> {
  return question.catch((error: NodeJS.ErrnoException) => error);
}

async function orLate(one: Promise<Answer>, other: Promise<Answer>): Promise<Answer> {
  const late = async (): Promise<Answer> => {
    if (!Array.isArray(await other)) return one;
    await delay(PATIENCE, undefined, { ref: false });
    return [];
  };
  return Promise.race([one, late()]);
}

function weightiest(answers: readonly Answer[]): Error {
  const errors = answers.filter((answer) => answer instanceof Error);
  const heavy = BY_WEIGHT.flatMap((code) => errors.filter((error) => codeOf(error) === code));
  return heavy[0] ?? errors[0] ?? Object.assign(new Error('no address'), { code: 'ENODATA' });
}

function toAddresses(records: readonly { address: string }[], family: number): LookupAddress[] {
  return records.slice(0, MAX_ADDRESSES).map(({ address }) => ({ address, family }));
}

// RFC 6724, 6, as far as it bears here: IPv6 comes first where this host can speak it, and last
// where it cannot, so that no connection begins with an attempt that must fail.
function hasGlobalIPv6(): boolean {
  return Object.values(networkInterfaces())
    .flat()
    .some((own) => own?.family === 'IPv6' && classifyAddress(own.address).includes('public'));
}
