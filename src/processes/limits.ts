import type { Limits } from './messages.ts';

/** What all processes together may do at a time; 0 is no limit for the last two. */
export interface TotalLimits {
  workers: number;
  requestsQueueSize: number;
  maxClients: number;
}

/**
 * The share that the process `index` of `count` has of the limits. The shares' sum is the limit, but
 * that each process has one worker and one client at the least.
 */
export function shareLimits(total: TotalLimits, index: number, count: number): Limits {
  const share = (limit: number) => Math.floor(limit / count) + (index < limit % count ? 1 : 0);
  const { workers, requestsQueueSize, maxClients } = total;
  return {
    workers: Math.max(1, share(workers)),
    queue: requestsQueueSize === 0 ? Infinity : share(requestsQueueSize),
    clients: maxClients === 0 ? Infinity : Math.max(1, share(maxClients)),
  };
}
