import { RequestError } from '../errors.ts';

/** Letters of a stranger's text that a log line repeats. */
const MAX_QUOTED = 80;

/** The 404 of a malformed path, option or encoding. */
export function invalidUrl(detail: string): RequestError {
  return new RequestError('INVALID_URL', detail);
}

/** A stranger's text for a log line: quoted, escaped, and cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
