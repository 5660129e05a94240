import type { CancelSignal } from '../cancel.ts';
import { RequestError } from '../errors.ts';

/**
 * The file at the origin is not the one that the first range came from. What is held of it is
 * worthless; whoever reads may begin anew.
 */
export class SourceChanged extends RequestError {
  constructor(detail: string) {
    super('SOURCE_INCOMPLETE', detail);
    this.name = 'SourceChanged';
  }
}

/** Codes of errors that mean that the network took too long. */
const TOO_SLOW = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

/** Codes of a kept connection that the origin closed just as we used it. */
const LOST = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Codes that say that this system has none left: our own want, and not the source's. */
const EXHAUSTED = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** Whether the system has no descriptors or no memory left. */
export function isExhausted(error: unknown): boolean {
  return EXHAUSTED.has(codeOf(error));
}

/** Whether the connection was lost, so that asking again on another one may help. */
export function isLostConnection(error: unknown): boolean {
  return LOST.has(codeOf(error));
}

/** Says in the contract's terms what befell a request to `host` before its answer's head came. */
export function toUnreachable(error: unknown, host: string): RequestError {
  if (error instanceof RequestError) return error;
  const code = codeOf(error);
  if (TOO_SLOW.has(code)) {
    return new RequestError('SOURCE_TOO_SLOW', `${host} took too long to connect`);
  }
  const detail = `${host} is unreachable: ${describe(error)}`;
  return new RequestError(isExhausted(error) ? 'INTERNAL' : 'SOURCE_UNREACHABLE', detail);
}

/** The same for an answer whose body broke off. */
export function toIncomplete(error: unknown, host: string): RequestError {
  if (error instanceof RequestError) return error;
  return new RequestError('SOURCE_INCOMPLETE', `${host} broke off: ${describe(error)}`);
}

/** Says that an answer's body has fewer bytes than its head told. */
export function endedEarly(): RequestError {
  return new RequestError('SOURCE_INCOMPLETE', 'the body ended early');
}

/** Why `signal` was aborted, for the caller whose work it stops. */
export function toAbortError(signal: CancelSignal): RequestError {
  const reason: unknown = signal.reason;
  if (reason instanceof RequestError) return reason;
  const timedOut = reason instanceof Error && reason.name === 'TimeoutError';
  return timedOut
    ? new RequestError('TIMEOUT', 'the request took too long', { cause: reason })
    : new RequestError('CLIENT_GONE', 'the request was given up', { cause: reason });
}

/** The code of an error, or an empty string. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

// The error itself is not handed on as a cause: a parser error of undici's holds the answer's bytes,
// and with them cookies.
function describe(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return message.includes(code) ? message : `${code} ${message}`;
}
