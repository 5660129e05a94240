import { type CacheOptions, toCacheControl } from './cache-control.ts';
import { type AnswerValidators, type ConditionalOptions, toValidators } from './conditional.ts';
import type { InfoResult } from './info-route.ts';
import { pickFields } from './passthrough.ts';
import type { Reply } from './reply.ts';

/** Which headers an answer has. */
export interface AnswerHeadersOptions extends CacheOptions, ConditionalOptions {
  /** Lower-case names of the origin's fields that are handed on. */
  responseHeadersPassthrough: readonly string[];
  setCanonicalHeader: boolean;
  cacheTagsFormat: keyof typeof CACHE_TAG_FIELDS;
  enableDebugHeaders: boolean;
}

/** The fields that CloudFront and Cloudflare read tags from. */
const CACHE_TAG_FIELDS = {
  all: ['X-Amz-Meta-Cache-Tag', 'Cache-Tag'],
  cloudfront: ['X-Amz-Meta-Cache-Tag'],
  cloudflare: ['Cache-Tag'],
  none: [],
} as const satisfies Record<string, readonly string[]>;

/**
 * Puts the headers of an answer on its reply: those of the origin first, so that ours win.
 *
 * @param ms Milliseconds that the answer took.
 * @returns The validators that it put there, for the request's conditions.
 */
export function writeAnswerHeaders(
  reply: Reply,
  result: InfoResult,
  options: AnswerHeadersOptions,
  ms: number,
): AnswerValidators {
  const { request, answer } = result;
  const validators = toValidators(answer, options);
  const handedOn = pickFields(answer.originHeaders, options.responseHeadersPassthrough);
  for (const [name, values] of handedOn) if (!reply.has(name)) reply.headerOfBytes(name, ...values);
  reply.header('Cache-Control', toCacheControl(options, answer, request.options.expires));
  if (validators.etag) reply.header('ETag', validators.etag);
  if (validators.lastModified) reply.header('Last-Modified', validators.lastModified);
  if (options.setCanonicalHeader) writeCanonical(reply, request.sourceUrl);
  const tags = request.options.cacheTags;
  if (tags.length > 0) {
    for (const name of CACHE_TAG_FIELDS[options.cacheTagsFormat])
      reply.header(name, tags.join(','));
  }
  if (options.enableDebugHeaders) writeDebugHeaders(reply, result, ms);
  return validators;
}

/** RFC 6596, over HTTP as in RFC 8288. A user and a password in the URL are for the origin alone. */
function writeCanonical(reply: Reply, sourceUrl: string): void {
  if (!/^https?:\/\//i.test(sourceUrl) || !URL.canParse(sourceUrl)) return;
  const url = new URL(sourceUrl);
  url.username = '';
  url.password = '';
  reply.header('Link', `<${url.href}>; rel="canonical"`);
}

function writeDebugHeaders(reply: Reply, { answer, queued }: InfoResult, ms: number): void {
  const { file, cost, rounds, spans } = answer;
  const timing = { queue: queued, ...spans, total: ms };
  if (file.size !== undefined) reply.header('X-Origin-Content-Length', `${file.size}`);
  reply
    .header('X-Origin-Width', `${file.width}`)
    .header('X-Origin-Height', `${file.height}`)
    .header('X-Origin-Requests', `${cost.requests}`)
    .header('X-Origin-Bytes', `${cost.bytes}`)
    .header('X-Origin-Rounds', `${rounds}`)
    .header('Server-Timing', toServerTiming(timing));
}

/** Metrics in the order given, in ms: W3C Server Timing, 2.1. */
function toServerTiming(timing: Readonly<Record<string, number>>): string {
  return Object.entries(timing)
    .map(([name, ms]) => `${name};dur=${ms.toFixed(2)}`)
    .join(', ');
}
