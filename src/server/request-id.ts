import { randomUUID } from 'node:crypto';

/** What a request id from outside may be made of: it goes into logs and headers. */
const SANE = /^[A-Za-z0-9_.:+/=@-]{1,128}$/;

/** The client's or the balancer's X-Request-ID where it is sane, else a new one. */
export function toRequestId(header: string): string {
  return SANE.test(header) ? header : randomUUID();
}
