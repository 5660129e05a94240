import type { Limits } from './messages.ts';

/** What all processes together may do at a time; 0 is no limit for the last two. */
export interface TotalLimits {
  workers: number;
  requestsQueueSize: number;
  maxClients: number;
  /** Pictures that a model is asked about. */
  streams: number;
}

/**
 * The share that the process `index` of `count` has of the limits. The shares' sum is the limit, but
 * that each process has one worker, one client and one stream at the least.
 */
export function shareLimits(total: TotalLimits, index: number, count: number): Limits {
  const share = (limit: number) => Math.floor(limit / count) + (index < limit % count ? 1 : 0);
  const { workers, requestsQueueSize, maxClients, streams } = total;
  return {
    workers: Math.max(1, share(workers)),
    queue: requestsQueueSize === 0 ? Infinity : share(requestsQueueSize),
    streams: Math.max(1, share(streams)),
    clients: maxClients === 0 ? Infinity : Math.max(1, share(maxClients)),
  };
}
