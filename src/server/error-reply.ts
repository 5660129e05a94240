import { RequestError } from '../errors.ts';
import type { Reply } from './reply.ts';

/** Any thrown thing as a RequestError; what is not one is our own fault. */
export function toRequestError(thrown: unknown): RequestError {
  if (thrown instanceof RequestError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new RequestError('INTERNAL', detail, { cause: thrown });
}

/** True where an Accept header names JSON, and so asks for errors in it. */
export function acceptsJson(accept: string): boolean {
  return /\bapplication\/(?:[\w.+-]*\+)?json\b/i.test(accept);
}

/** Seconds after which a queue that was full is worth another try. */
const RETRY_AFTER = '1';

/** How errors are shown. */
export interface ErrorReplyOptions {
  /** The client gets the detail too. */
  developmentErrors: boolean;
}

/** Answers with an error, the one place where errors become HTTP. */
export function sendError(
  reply: Reply,
  error: RequestError,
  accept: string,
  options: ErrorReplyOptions,
): void {
  const message = options.developmentErrors
    ? `${error.publicMessage}: ${error.message}`
    : error.publicMessage;
  reply.header('Cache-Control', 'no-cache');
  if (error.code === 'TOO_MANY_REQUESTS') reply.header('Retry-After', RETRY_AFTER);
  if (acceptsJson(accept)) {
    reply.send(
      error.status,
      'application/json',
      JSON.stringify({ error: message, status: error.status }),
    );
  } else {
    reply.send(error.status, 'text/plain; charset=utf-8', message);
  }
}
