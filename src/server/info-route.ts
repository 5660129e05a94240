import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Canceller } from '../cancel.ts';
import { RequestError } from '../errors.ts';
import type { Answered, AnswerInfo } from '../info/info.ts';
import type { ClientCookies } from '../source/source.ts';
import type { InfoRequest } from '../url/request.ts';
import type { Admission, Release } from './admission.ts';

/** What the route takes from the configuration. */
export interface InfoRouteOptions {
  /** Milliseconds for the whole request. */
  timeout: number;
  /** The bearer token that each request must show; empty: none. */
  secret: string;
  /** Bounds the requests that are worked on. */
  admission: Admission;
  /** Whether the file at a source URL killed or stalled a process not long ago. */
  isRefused: (sourceUrl: string) => boolean;
}

/** A request for info, as the server hands it over. */
export interface InfoCall {
  /** The raw request target. */
  target: string;
  /** The Authorization header. */
  authorization: string;
  /** Fields of the request that are handed on to the origin, by lower-case name. */
  handedOn?: Readonly<Record<string, string>> | undefined;
  /** Cookies of the client's that are handed on. */
  cookies?: ClientCookies | undefined;
  /** Aborted where the client has gone, and here where the time is up. */
  canceller: Canceller;
  /** Fields of the trace that the request is part of, for origins. */
  trace?: Readonly<Record<string, string>> | undefined;
}

/** An answer, with the request that it answers. */
export interface InfoResult {
  request: InfoRequest;
  answer: Answered;
  /** Milliseconds that it waited for its turn. */
  queued: number;
}

/** Facts for the log that are known before there is an answer. */
export interface InfoFacts {
  sourceHost?: string;
}

/** Answers one request for info, within its time. */
export type InfoRoute = (call: InfoCall, facts: InfoFacts) => Promise<InfoResult>;

/**
 * Makes the route of `/info`: the secret, the URL, admission, the source, the answer, in this order.
 */
export function createInfoRoute(
  parseUrl: (target: string) => InfoRequest,
  answerInfo: AnswerInfo,
  options: InfoRouteOptions,
): InfoRoute {
  const bearer = options.secret === '' ? undefined : Buffer.from(`Bearer ${options.secret}`);

  return async ({ target, authorization, handedOn, cookies, canceller, trace }, facts) => {
    if (bearer && !equal(Buffer.from(authorization), bearer)) {
      throw new RequestError('FORBIDDEN', 'the bearer token is not IMGPROXY_SECRET');
    }
    const request = parseUrl(target);
    facts.sourceHost = toHost(request.sourceUrl);
    if (options.isRefused(request.sourceUrl)) {
      throw new RequestError('INVALID_SOURCE_IMAGE', 'it crashed or stalled a process before');
    }
    const late = () =>
      canceller.abort(new RequestError('TIMEOUT', `not answered within ${options.timeout} ms`));
    const timer = setTimeout(late, options.timeout);
    let release: Release | undefined;
    try {
      const came = performance.now();
      release = await options.admission.acquire(canceller);
      const queued = performance.now() - came;
      const answer = await answerInfo(request.sourceUrl, request.options, {
        signal: canceller,
        maxFileSize: request.options.maxSrcFileSize,
        trace,
        cookies,
        ...(handedOn && { headers: bearer ? withoutSecret(handedOn) : handedOn }),
      });
      return { request, answer, queued };
    } finally {
      release?.();
      clearTimeout(timer);
    }
  };
}

/** Compares in constant time; the length alone may show. */
function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Without the secret, which is ours: no origin is to see it. */
function withoutSecret({ authorization: _, ...rest }: Readonly<Record<string, string>>) {
  return rest;
}

/** A URL up to its path. A backslash ends the host, too, where the scheme is HTTP's. */
const SITE = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*/i;

/** To parse a URL takes long, and most are of a few hosts. */
const hosts = new LRUCache<string, string>({ max: 1_000 });
const MAX_REMEMBERED_LENGTH = 200;

/** The host of a source URL, which is all of it that a log may hold. */
function toHost(sourceUrl: string): string {
  const site = SITE.exec(sourceUrl)?.[0] ?? '';
  const known = hosts.get(site);
  if (known !== undefined) return known;
  const host = URL.canParse(site) ? new URL(site).host : '';
  if (site.length <= MAX_REMEMBERED_LENGTH) hosts.set(site, host);
  return host;
}
