import type { Answered } from '../info/info.ts';

/** What makes answers conditional. */
export interface ConditionalOptions {
  useEtag: boolean;
  /** Part of each ETag; empty: the origin's ETag is handed on as it is. */
  etagBuster: string;
  useLastModified: boolean;
  /** Milliseconds of the Unix epoch before which no answer was modified. */
  lastModifiedBuster: number | undefined;
}

/** The validators of an answer. */
export interface AnswerValidators {
  etag: string | undefined;
  lastModified: string | undefined;
}

/** The conditions of a request, as they came; empty where there are none. */
export interface Conditions {
  ifNoneMatch: string;
  ifModifiedSince: string;
}

/** Makes an answer's validators from those of its source, as imgproxy does. */
export function toValidators(
  { etag, lastModified }: Pick<Answered, 'etag' | 'lastModified'>,
  options: ConditionalOptions,
): AnswerValidators {
  return {
    etag: options.useEtag && etag ? bust(etag, options.etagBuster) : undefined,
    lastModified: options.useLastModified
      ? noEarlierThan(lastModified, options.lastModifiedBuster)
      : undefined,
  };
}

/**
 * True where the client holds the answer already: RFC 9110, 13.1.2 and 13.1.3. If-Modified-Since
 * counts only where ETags are off or the client names none (13.2.2).
 */
export function isNotModified(
  { ifNoneMatch, ifModifiedSince }: Conditions,
  { etag, lastModified }: AnswerValidators,
  { useEtag }: ConditionalOptions,
): boolean {
  if (useEtag && ifNoneMatch !== '') {
    if (ifNoneMatch.trim() === '*') return true;
    return etag !== undefined && tagsOf(ifNoneMatch).includes(toOpaque(etag));
  }
  // A date that cannot be read is not a number, which no number is at most.
  return lastModified !== undefined && Date.parse(lastModified) <= Date.parse(ifModifiedSince);
}

function bust(etag: string, buster: string): string {
  return buster === '' ? etag : `"${buster}/${Buffer.from(etag).toString('base64url')}"`;
}

function noEarlierThan(date: string | undefined, buster: number | undefined): string | undefined {
  const time = Date.parse(date ?? '');
  if (Number.isNaN(time)) return undefined;
  return buster !== undefined && time < buster ? new Date(buster).toUTCString() : date;
}

function tagsOf(list: string): string[] {
  return (list.match(/(?:W\/)?"[^"]*"|[^\s,]+/g) ?? []).map(toOpaque);
}

/** What weak comparison compares: RFC 9110, 8.8.3.2. Some origins leave the quotes out. */
function toOpaque(etag: string): string {
  return etag.replace(/^W\//, '').replace(/^"|"$/g, '');
}
