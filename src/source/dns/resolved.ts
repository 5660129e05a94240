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

/** What resolves names. */
export interface Resolver {
  resolve: Resolve;
  /** Gives up what is asked of name servers, so that nothing waits for them any more. */
  close(): void;
}
