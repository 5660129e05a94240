import { promises as dns, type LookupAddress } from 'node:dns';

/**
 * Names that getaddrinfo is asked for at once. It blocks a thread of libuv's four for as long as a
 * resolver is silent, and local files are read on those too.
 */
const MAX_AT_ONCE = 2;

/** ms after which nobody waits any more for a name that has not had its turn. */
const MAX_WAIT = 5_000;

/** What asks getaddrinfo. */
export type AskSystem = (hostname: string) => Promise<LookupAddress[]>;

const askSystem: AskSystem = (hostname) => dns.lookup(hostname, { all: true, order: 'verbatim' });

/**
 * The system's own resolver, which knows what no name server does: mDNS, the names of containers and
 * of this host, directories (nsswitch.conf(5)).
 */
export class SystemResolver {
  #ask: AskSystem;
  #asking = 0;
  #waiting: (() => void)[] = [];

  constructor(ask: AskSystem = askSystem) {
    this.#ask = ask;
  }

  /** @throws Error with a code of getaddrinfo; EAI_AGAIN where its turn did not come */
  async resolve(hostname: string): Promise<LookupAddress[]> {
    const since = performance.now();
    if (this.#asking >= MAX_AT_ONCE) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#asking++;
    try {
      if (performance.now() - since > MAX_WAIT) throw neverAsked(hostname);
      return await this.#ask(hostname);
    } finally {
      // The turn goes on to the next, who does not count it again.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#asking--;
    }
  }
}

function neverAsked(hostname: string): Error {
  const error = new Error(`EAI_AGAIN ${hostname}: the system's resolver is too slow`);
  return Object.assign(error, { code: 'EAI_AGAIN' });
}
