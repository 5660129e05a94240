import { RequestError } from '../errors.ts';
import { field, type Response } from './exchange.ts';
import { resolveTarget, type Target } from './target.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Fields that are for the host that they were meant for, and for no other. */
const SENSITIVE = new Set(['authorization', 'cookie', 'proxy-authorization', 'host']);

/**
 * Where a response sends the request on to; undefined if it does not.
 *
 * @throws RequestError INVALID_SOURCE_URL, SOURCE_UNREACHABLE
 */
export function redirectTarget(response: Response, from: Target): Target | undefined {
  if (!REDIRECTS.has(response.status)) return undefined;
  const location = field(response.headers, 'location');
  if (!location) {
    throw new RequestError(
      'SOURCE_UNREACHABLE',
      `${from.host} answered ${response.status} without a Location`,
    );
  }
  return resolveTarget(location, from);
}

/** Whether a field that was meant for `first` may be sent to `target` too. */
export function mayForward(name: string, first: Target, target: Target): boolean {
  if (!SENSITIVE.has(name)) return true;
  if (first.secure && !target.secure) return false;
  return target.host === first.host;
}
