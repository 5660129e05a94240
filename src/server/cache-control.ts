/**
 * The Cache-Control of an answer.
 *
 * @param ttl Seconds.
 * @param expires Unix seconds after which the URL is not answered any more: never cached beyond it.
 */
export function toCacheControl(ttl: number, expires?: number, now = Date.now()): string {
  const left = expires ? Math.max(0, Math.floor(expires - now / 1000)) : ttl;
  return `max-age=${Math.min(ttl, left)}, public`;
}
