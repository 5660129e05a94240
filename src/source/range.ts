import type { ByteRange } from '../native.ts';

/** Ranges that are nearer than this are fetched as one: it costs less than another request. */
const NEAR = 16 * 1024;

/** The least that is asked for: a request costs the same for fewer bytes. */
const LEAST = 4 * 1024;

/** More digits than a safe integer has. */
const MAX_DIGITS = 15;

/** What a Content-Range says. */
export type ContentRange =
  | { first: number; last: number; total: number | undefined }
  | { unsatisfied: number };

/**
 * Parses a Content-Range (RFC 9110, 14.4); undefined if it is malformed, of another unit, or
 * contradicts itself.
 */
export function parseContentRange(value: string | undefined): ContentRange | undefined {
  const match = /^\s*bytes\s+(?:(\d+)\s*-\s*(\d+)|\*)\s*\/\s*(\d+|\*)\s*$/i.exec(value ?? '');
  if (!match || match.slice(1).some((digits) => (digits ?? '').length > MAX_DIGITS))
    return undefined;
  const total = match[3] === '*' ? undefined : Number(match[3]);
  if (match[1] === undefined) return total === undefined ? undefined : { unsatisfied: total };
  const first = Number(match[1]);
  const last = Number(match[2]);
  if (last < first || (total !== undefined && last >= total)) return undefined;
  return { first, last, total };
}

/** A Range field for one range (RFC 9110, 14.2). Never more than one: nobody answers several well. */
export function toRangeField({ offset, length }: ByteRange): string {
  return Number.isFinite(length) ? `bytes=${offset}-${offset + length - 1}` : `bytes=${offset}-`;
}

/**
 * Puts ranges in order, cuts them to the file, and joins those that overlap or touch.
 *
 * @param near Joins also those with less than this between them.
 */
export function mergeRanges(
  ranges: readonly ByteRange[],
  size: number | undefined,
  near = 0,
): ByteRange[] {
  const end = size ?? Number.POSITIVE_INFINITY;
  const merged: ByteRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.offset - b.offset)) {
    const length = Math.min(range.length, end - range.offset);
    if (!(length > 0)) continue;
    const last = merged.at(-1);
    if (last && range.offset <= last.offset + last.length + near) {
      last.length = Math.max(last.length, range.offset + length - last.offset);
    } else {
      merged.push({ offset: range.offset, length });
    }
  }
  return merged;
}

/** Plans requests for ranges: near ones are merged, small ones are rounded up. */
export function planRequests(ranges: readonly ByteRange[], size: number | undefined): ByteRange[] {
  const rounded = ranges
    .filter(({ length }) => length > 0)
    .map(({ offset, length }) => ({ offset, length: Math.max(length, LEAST) }));
  return mergeRanges(rounded, size, NEAR - 1);
}
