import type { ClientCookies } from '../source/source.ts';

/** Which of the client's cookies are handed on. */
export interface CookieOptions {
  cookiePassthrough: boolean;
  /** The URL that the cookies belong to; empty: that of the request. */
  cookieBaseUrl: string;
  /** They go to all origins. */
  cookiePassthroughAll: boolean;
}

/**
 * The client's cookies for origins. A Cookie field does not say which URLs its cookies are for:
 * where no base is set they are taken to be for the host that the client asked, as the balancer in
 * front names it.
 *
 * @param read Gives a field's value by its lower-case name; empty where there is none.
 */
export function pickCookies(
  read: (name: string) => string,
  options: CookieOptions,
): ClientCookies | undefined {
  if (!options.cookiePassthrough) return undefined;
  const field = read('cookie');
  if (field === '') return undefined;
  if (options.cookiePassthroughAll) return { field, base: undefined };
  return { field, base: options.cookieBaseUrl || readBase(read) };
}

function readBase(read: (name: string) => string): string {
  const host = read('x-forwarded-host') || read('host');
  const port = read('x-forwarded-port');
  return `${read('x-forwarded-proto') || 'http'}://${host}${port && `:${port}`}/`;
}
