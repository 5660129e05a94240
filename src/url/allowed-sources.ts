import { compilePattern } from './pattern.ts';

const AUTHORITY = '://';
/** What ends the host of a URL beside a slash; a wildcard would else reach over it. */
const HOST_ENDS = /[?#\\]/;

/**
 * Makes the test of source URLs, and of what they redirect to, against the prefixes that are
 * allowed. Without any, all are.
 */
export function createAllowedSources(patterns: readonly string[]): (url: string) => boolean {
  if (patterns.length === 0) return () => true;
  const matchers = patterns.map(compilePattern);
  return (url) => !hidesItsHost(url) && matchers.some((match) => match(url) !== undefined);
}

/** `https://evil.test#.example.com/` looks like a host of example.com, and is none. */
function hidesItsHost(url: string): boolean {
  const scheme = url.indexOf(AUTHORITY);
  if (scheme < 0) return false;
  const start = scheme + AUTHORITY.length;
  const slash = url.indexOf('/', start);
  return HOST_ENDS.test(url.slice(start, slash < 0 ? undefined : slash));
}
