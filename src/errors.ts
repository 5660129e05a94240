/**
 * Every error that a client can get: its status and its public message. The response is made from
 * this table alone, and `docs/errors.md` is checked against it.
 */
export const ERRORS = {
  NOT_FOUND: { status: 404, message: 'Not found' },
  INVALID_URL: { status: 404, message: 'Invalid URL' },
  FORBIDDEN: { status: 403, message: 'Forbidden' },
  INVALID_SOURCE_URL: { status: 404, message: 'Invalid source URL' },
  SOURCE_UNREACHABLE: { status: 404, message: 'Source is unreachable' },
  SOURCE_FAILED: { status: 502, message: 'Source is unreachable' },
  SOURCE_TOO_SLOW: { status: 504, message: 'Source is unreachable' },
  TIMEOUT: { status: 503, message: 'Timeout' },
  SOURCE_INCOMPLETE: { status: 422, message: 'Source response is incomplete' },
  INVALID_SOURCE_IMAGE: { status: 422, message: 'Invalid source image' },
  EXPIRED_URL: { status: 404, message: 'Expired URL' },
  HASHSUM_MISMATCH: { status: 422, message: 'Source image hashsum mismatch' },
  TOO_MANY_REQUESTS: { status: 429, message: 'Too many requests' },
  CLIENT_GONE: { status: 499, message: 'Client closed the connection' },
  INTERNAL: { status: 500, message: 'Internal error' },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** Further facts about an error. */
export interface RequestErrorOptions {
  /** What led to it; logged, never sent. */
  cause?: unknown;
  /** Stands in for the table's status: an origin's 4xx is handed on as it is. */
  status?: number;
}

/**
 * An error with an answer for the client. `message` is the detail for the log (never a secret);
 * the client sees `publicMessage` alone.
 */
export class RequestError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly publicMessage: string;

  constructor(code: ErrorCode, detail: string, options: RequestErrorOptions = {}) {
    super(detail, { cause: options.cause });
    this.name = 'RequestError';
    this.code = code;
    this.status = options.status ?? ERRORS[code].status;
    this.publicMessage = ERRORS[code].message;
  }
}
