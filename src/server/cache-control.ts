import type { Answered } from '../info/info.ts';

/** What the Cache-Control of an answer is made from. */
export interface CacheOptions {
  /** Seconds that an answer may be cached. */
  ttl: number;
  /** The origin's word counts, where it says any. */
  cacheControlPassthrough: boolean;
}

/**
 * The Cache-Control of an answer. A URL that expires is never cached beyond it, whatever the origin
 * says; else the origin's Cache-Control counts, then its Expires, then the time that is configured.
 *
 * @param expires Unix seconds after which the URL is not answered any more; 0 is never.
 * @param now Milliseconds of the Unix epoch.
 */
export function toCacheControl(
  { ttl, cacheControlPassthrough }: CacheOptions,
  { originHeaders }: Pick<Answered, 'originHeaders'>,
  expires: number,
  now = Date.now(),
): string {
  if (expires > 0) return toMaxAge(Math.min(ttl, expires - now / 1000));
  const handedOn = cacheControlPassthrough ? originHeaders['cache-control'] : undefined;
  if (handedOn !== undefined && handedOn.length > 0) return [handedOn].flat().join(', ');
  const until = cacheControlPassthrough ? Date.parse(String(originHeaders['expires'])) : NaN;
  return toMaxAge(Number.isNaN(until) ? ttl : (until - now) / 1000);
}

function toMaxAge(seconds: number): string {
  return seconds < 1 ? 'no-cache' : `max-age=${Math.floor(seconds)}, public`;
}
