import type { IncomingHttpHeaders } from 'node:http';

/** A part of a file, its end excluded. */
export interface Part {
  start: number;
  end: number;
}

/**
 * What a request asks for: the part, undefined for the whole, or `unsatisfiable`. RFC 9110,
 * sections 13.1.5 and 14.2; of several ranges, none.
 */
export function parseRange(
  headers: IncomingHttpHeaders,
  size: number,
  etag: string,
): Part | undefined | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
  const condition = headers['if-range'];
  if (!match || (condition !== undefined && condition !== etag)) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  return start >= size || start >= end ? 'unsatisfiable' : { start, end };
}
