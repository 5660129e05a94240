import type { LookupAddress } from 'node:dns';

/** What a name stands for. */
export interface Resolved {
  /** In the order to try them. */
  addresses: LookupAddress[];
  /** Seconds for which they hold. */
  ttl: number;
}

/** Resolves a name to all of its addresses; an error has a code. */
export type Resolve = (hostname: string) => Promise<Resolved>;
