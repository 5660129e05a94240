import { randomBytes } from 'node:crypto';

/** Of the trace that a request is part of: W3C Trace Context. */
export interface Trace {
  /** 32 hex digits, for the log. */
  id: string;
  /** The fields that origins get: the same trace, a span of our own. */
  headers: Readonly<Record<string, string>>;
}

/** Section 3.2.2: version, trace-id, parent-id, flags; later versions may have more. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;
/** Section 3.3.1: visible characters and blanks, here within the length that all must hand on. */
const TRACESTATE = /^[\t\u0020-\u007e]{1,512}$/;

/**
 * Reads the trace of a request; undefined where it has none, or none that is valid. None is begun
 * here: whether a request is traced is for whoever asks to say.
 */
export function toTrace(traceparent: string, tracestate: string): Trace | undefined {
  const [, version = '', id = '', parent = '', flags = '', rest] =
    TRACEPARENT.exec(traceparent) ?? [];
  if (id === '' || version === 'ff' || ZEROS.test(id) || ZEROS.test(parent)) return undefined;
  if (version === '00' && rest !== undefined) return undefined;
  const span = randomBytes(8).toString('hex');
  return {
    id,
    headers: {
      traceparent: `00-${id}-${span}-${flags}`,
      ...(TRACESTATE.test(tracestate) && { tracestate }),
    },
  };
}
