import { headerNames, headersBy, headerValue } from '../headers.ts';
import type { Pair } from '../lists.ts';
import { bool, dateTime, int, oneOf, text } from '../scalars.ts';
import { variable } from '../variable.ts';

/** What responses carry, and how they are cached. */
export const response = {
  ttl: variable({
    env: 'IMGPROXY_TTL',
    type: int({ min: 0 }),
    default: 31_536_000,
    meaning: 'Seconds that a response may be cached, for `Cache-Control: max-age`.',
  }),
  cacheControlPassthrough: variable({
    env: 'IMGPROXY_CACHE_CONTROL_PASSTHROUGH',
    type: bool,
    default: false,
    meaning: 'Hands on the origin’s `Cache-Control` or `Expires`, where it sends one.',
  }),
  cacheTagsFormat: variable({
    env: 'IMGPROXY_CACHE_TAGS_FORMAT',
    type: oneOf('all', 'cloudfront', 'cloudflare', 'none'),
    default: 'all',
    meaning: 'Which headers carry the tags of the `cache_tags` option.',
  }),
  setCanonicalHeader: variable({
    env: 'IMGPROXY_SET_CANONICAL_HEADER',
    type: bool,
    default: false,
    meaning:
      'Names an HTTP source URL, without user and password, in a `Link: …; rel="canonical"` header.',
  }),
  useEtag: variable({
    env: 'IMGPROXY_USE_ETAG',
    type: bool,
    default: false,
    meaning: 'Hands on the origin’s `ETag`, and answers 304 to a request that holds it.',
  }),
  etagBuster: variable({
    env: 'IMGPROXY_ETAG_BUSTER',
    type: text,
    default: '',
    meaning: 'Part of each `ETag`: another value makes all that clients hold stale.',
  }),
  useLastModified: variable({
    env: 'IMGPROXY_USE_LAST_MODIFIED',
    type: bool,
    default: false,
    meaning: 'Hands on `Last-Modified`, and answers 304 to a client that holds that state.',
  }),
  lastModifiedBuster: variable<number | undefined>({
    env: 'IMGPROXY_LAST_MODIFIED_BUSTER',
    type: dateTime,
    default: undefined,
    meaning:
      'The earliest `Last-Modified` that is handed on: files of before count as modified then.',
  }),
  allowOrigin: variable({
    env: 'IMGPROXY_ALLOW_ORIGIN',
    type: headerValue,
    default: '',
    meaning: 'Turns the CORS headers on, for this origin.',
  }),
  customHeadersSeparator: variable({
    env: 'IMGPROXY_CUSTOM_HEADERS_SEPARATOR',
    type: text,
    default: '\\;',
    meaning: 'What divides the lists of custom headers.',
  }),
  customResponseHeaders: variable<readonly Pair[]>({
    env: 'IMGPROXY_CUSTOM_RESPONSE_HEADERS',
    type: headersBy('IMGPROXY_CUSTOM_HEADERS_SEPARATOR', '\\;'),
    default: [],
    meaning:
      'Headers that each response has, in place of ours of the same names. Those that frame a message are left out.',
  }),
  responseHeadersPassthrough: variable<readonly string[]>({
    env: 'IMGPROXY_RESPONSE_HEADERS_PASSTHROUGH',
    type: headerNames,
    default: [],
    meaning:
      'Names of the origin’s headers that are handed on to the client. Ours of the same names win; headers of a connection, and those that frame or describe a body, are never handed on.',
  }),
  enableDebugHeaders: variable({
    env: 'IMGPROXY_ENABLE_DEBUG_HEADERS',
    type: bool,
    default: false,
    meaning:
      'Adds headers that say what the file is, `X-Origin-Content-Length`, `-Width`, `-Height`, and what it cost: `X-Origin-Requests`, `-Bytes`, `-Rounds`, and `Server-Timing`.',
  }),
  developmentErrorsMode: variable({
    env: 'IMGPROXY_DEVELOPMENT_ERRORS_MODE',
    type: bool,
    default: false,
    meaning: 'Answers errors with their detail; never in production.',
  }),
};
