import { RequestError } from '../errors.ts';
import type { ByteRange } from '../native.ts';
import { field, type Response } from './exchange.ts';
import type { Target } from './target.ts';

/**
 * What came, against what was asked for:
 * - `part`: the range, or its beginning, from an origin that knows ranges
 * - `whole`: the file from its first byte on
 * - `past`: nothing, as the file ends before the range
 * - `useless`: another part, or none for no reason; asking without Range may do better
 */
export type Verdict = 'part' | 'whole' | 'past' | 'useless';

/**
 * Checks a response against the range that was asked for (RFC 9110, 15.3.7 and 15.5.17).
 *
 * @param asked undefined where the whole was asked for.
 * @throws RequestError SOURCE_UNREACHABLE, SOURCE_FAILED for a status that brings no file
 */
export function judge(response: Response, asked: ByteRange | undefined, target: Target): Verdict {
  switch (response.status) {
    case 200:
      return 'whole';
    case 206:
      return asked ? judgePart(response, asked) : judgeUnasked(response, target);
    case 416:
      if (asked) return judgeUnsatisfied(response, asked);
  }
  throw toStatusError(response.status, target);
}

/** Bytes of the whole file, as far as the response says. */
export function totalOf(response: Response): number | undefined {
  const { contentRange, encoding } = response;
  if (encoding !== undefined) return undefined;
  if (response.status === 200) return response.length;
  if (!contentRange) return undefined;
  return 'unsatisfied' in contentRange ? contentRange.unsatisfied : contentRange.total;
}

/** What tells one version of a file from another. */
export interface Validators {
  etag: string | undefined;
  lastModified: string | undefined;
  /** For If-Range: a strong validator (RFC 9110, 8.8), if there is one. */
  ifRange: string | undefined;
}

/** Reads a response's validators. */
export function validatorsOf({ headers }: Response): Validators {
  const etag = field(headers, 'etag');
  const lastModified = field(headers, 'last-modified');
  if (etag !== undefined) {
    return { etag, lastModified, ifRange: etag.startsWith('"') ? etag : undefined };
  }
  const isStrong = isStrongDate(lastModified, field(headers, 'date'));
  return { etag, lastModified, ifRange: isStrong ? lastModified : undefined };
}

/** Whether two responses may show the same version of a file. */
export function isSameVersion(a: Validators, b: Validators): boolean {
  if (a.etag !== undefined && b.etag !== undefined) return opaque(a.etag) === opaque(b.etag);
  if (a.lastModified === undefined || b.lastModified === undefined) return true;
  return a.lastModified === b.lastModified;
}

function judgePart({ headers, contentRange, encoding }: Response, asked: ByteRange): Verdict {
  if (!contentRange || !('first' in contentRange)) return 'useless';
  if (field(headers, 'content-type')?.toLowerCase().startsWith('multipart/')) return 'useless';
  const { first, last, total } = contentRange;
  // A part of a coded file cannot be decoded, unless it is all of it.
  if (encoding !== undefined) return first === 0 && last + 1 === total ? 'whole' : 'useless';
  return first <= asked.offset && asked.offset <= last ? 'part' : 'useless';
}

function judgeUnsatisfied({ contentRange }: Response, asked: ByteRange): Verdict {
  if (!contentRange || !('unsatisfied' in contentRange)) return 'useless';
  return contentRange.unsatisfied <= asked.offset ? 'past' : 'useless';
}

// A 206 that nobody asked for will do if it is the file's beginning.
function judgeUnasked({ contentRange, encoding }: Response, target: Target): Verdict {
  if (contentRange && 'first' in contentRange && contentRange.first === 0) {
    if (encoding === undefined || contentRange.last + 1 === contentRange.total) return 'whole';
  }
  throw new RequestError('SOURCE_UNREACHABLE', `${target.host} answered a part for no reason`);
}

function toStatusError(status: number, { host }: Target): RequestError {
  const detail = `${host} answered ${status}`;
  if (status >= 500) return new RequestError('SOURCE_FAILED', detail);
  if (status < 400) return new RequestError('SOURCE_UNREACHABLE', detail);
  return new RequestError('SOURCE_UNREACHABLE', detail, { status });
}

// RFC 9110, 8.8.2.2: a date is a strong validator if the response is at least a second younger.
function isStrongDate(lastModified: string | undefined, date: string | undefined): boolean {
  if (lastModified === undefined) return false;
  return Date.parse(date ?? '') - Date.parse(lastModified) >= 1_000;
}

function opaque(etag: string): string {
  return etag.replace(/^W\//, '');
}
